/* SPDX-License-Identifier: Apache-2.0 */
/* What QEMU itself does not keep over a migration: the only differences that are let pass. */
#ifndef MT_VERIFY_NOT_KEPT_H
#define MT_VERIFY_NOT_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/pair/pair.h"
#include "lib/state/differences.h"

/* One field an entry, no wildcard. */
struct mt_not_kept {
    const char *section;    /* QEMU's name of it, or what stands behind the last slash; NULL: any */
    const char *field;      /* NULL, and no subsection: the whole section */
    const char *subsection; /* in place of a field: one that only one side has */
    uint64_t within;        /* only numbers that are closer than this; 0: whatever they are */
    bool between_versions;  /* only where source and destination are two versions of QEMU */
    bool changes_while_still; /* QEMU writes it differently each time, though the VM is paused */
    bool from_zero;           /* only where the source has 0 */
    const char *accel;        /* NULL: with any */
    const char *versions;     /* where it was seen */
    const char
        *destination_since; /* only where the destination is not older; NULL: of any version */
    const char *destination_before; /* only where the destination is older; NULL: of any version */
    const char *reason;
};

/* Adds an entry for the plugin's test. `field` is the name of a field or of a subsection. */
void mt_not_kept_add(struct mt_pair *pair, const char *section, const char *field,
                     const char *reason);

/* Whether the difference is one that QEMU is known for here; `pair` remembers each that was met. */
bool mt_not_kept_find(struct mt_pair *pair, const struct mt_state_difference *difference,
                      struct mt_not_kept *ret_entry);

/* The same for a section as a whole, whatever differs in it. */
bool mt_not_kept_find_section(struct mt_pair *pair, const char *section,
                              struct mt_not_kept *ret_entry);

/*
 * Whether the section may change while its VM stands still: it is known for that, or the manifest
 * or the plugin has an entry for something in it.
 */
bool mt_not_kept_lets_change(struct mt_pair *pair, const char *section);

/* Those that were not met yet, as text; NULL: none. The caller frees it. */
char *mt_not_kept_never_met(struct mt_pair *pair);

#endif
