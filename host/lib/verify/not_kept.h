/* SPDX-License-Identifier: Apache-2.0 */
/* The differences that are accepted, because QEMU is known not to keep the field over a migration.
 */
#ifndef MT_VERIFY_NOT_KEPT_H
#define MT_VERIFY_NOT_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/pair/pair.h"
#include "lib/state/differences.h"

/* One entry is about one field; there are no wildcards. */
struct mt_not_kept {
    const char *section;    /* QEMU's name, or its part after the last slash; NULL: any section */
    const char *field;      /* NULL, and no subsection either: the whole section */
    const char *subsection; /* in place of a field: a subsection that only one side has */
    const char *reason;
    /* The limits of an entry in the table of not_kept.c: */
    uint64_t within;               /* only if the two numbers differ by less; 0: by any value */
    bool between_versions;         /* only between two versions of QEMU */
    bool changes_while_still;      /* each dump of the same paused VM has other bytes */
    bool from_zero;                /* only if the source has 0 */
    const char *accel;             /* only with this accelerator; NULL: with any */
    const char *versions;          /* the versions of QEMU in which this was seen */
    const char *destination_since; /* only if the destination is this version or newer; NULL: any */
    const char *destination_before; /* only if the destination is older than this; NULL: any */
};

/* Adds an entry for the plugin's test. `field` is the name of a field or of a subsection. */
void mt_not_kept_add(struct mt_pair *pair, const char *section, const char *field,
                     const char *reason);

/* Finds the entry that accepts the difference, and remembers that the entry was used. */
bool mt_not_kept_find(struct mt_pair *pair, const struct mt_state_difference *difference,
                      struct mt_not_kept *ret_entry);

/* The same for entries about a whole section, whatever differs in the section. */
bool mt_not_kept_find_section(struct mt_pair *pair, const char *section,
                              struct mt_not_kept *ret_entry);

/*
 * Whether the section may change while its VM stands still: the table says so, or the manifest or
 * the plugin has an entry about this section.
 */
bool mt_not_kept_lets_change(struct mt_pair *pair, const char *section);

/* The entries that have accepted nothing yet, as a text that the caller frees; NULL: there are
 * none. */
char *mt_not_kept_unused(struct mt_pair *pair);

#endif
