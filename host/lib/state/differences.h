/* SPDX-License-Identifier: Apache-2.0 */
/* In which fields two dumps of one section differ. */
#ifndef MT_STATE_DIFFERENCES_H
#define MT_STATE_DIFFERENCES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/state/sections.h"

enum mt_state_difference_kind {
    MT_OTHER_VALUE,
    MT_OTHER_SIZE,  /* the two layouts give the field different sizes */
    MT_ONLY_SOURCE, /* the destination has no such field, subsection or section */
    MT_ONLY_DESTINATION,
};

struct mt_state_difference {
    char *section;
    char *field;       /* "cmos_data", "timers[2].period", or a subsection; NULL: the section as a
                          whole */
    char *mark;        /* of a subsection: its name in the stream */
    uint64_t distance; /* between two numbers; UINT64_MAX where they are none */
    char *text;        /* "mc146818rtc.cmos_data[64]: source 0x5a, destination 0x1a" */
    enum mt_state_difference_kind kind;
    uint32_t instance;
    bool is_subsection;     /* what `field` names */
    bool source_is_greater; /* of two numbers */
    bool source_is_zero;    /* all of its bytes */
};

struct mt_state_differences {
    struct mt_state_difference *items;
    size_t count;
};

/* One that is about a section as a whole. */
void mt_state_differences_add(struct mt_state_differences *differences,
                              enum mt_state_difference_kind kind, const struct mt_section *section,
                              const char *what);

/*
 * Adds each field that is not the same. The two sides may have different layouts: fields are
 * matched by name, and those between two matches that have only been renamed by their place.
 * Descriptions may be NULL, or wrong: then the place of the first byte is what is said.
 */
void mt_state_differences_find(struct mt_state_differences *differences,
                               const struct mt_section *source, const json_t *source_description,
                               const struct mt_section *destination,
                               const json_t *destination_description);

void mt_state_differences_clear(struct mt_state_differences *differences);

#endif
