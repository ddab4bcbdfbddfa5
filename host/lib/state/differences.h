/* SPDX-License-Identifier: Apache-2.0 */
/* The fields in which two dumps of one section differ. */
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
    MT_ONLY_SOURCE, /* a field, subsection or section that only the source has */
    MT_ONLY_DESTINATION,
};

struct mt_state_difference {
    char *section;
    char *field; /* "cmos_data", "timers[2].period", or a subsection; NULL: the whole section */
    char *mark;  /* the name of a subsection in the stream; NULL: it is not a subsection */
    uint64_t distance; /* between the two numbers; UINT64_MAX: the field is not a number */
    char *text; /* for the user: "mc146818rtc.cmos_data[64]: source 0x5a, destination 0x1a" */
    enum mt_state_difference_kind kind;
    uint32_t instance;
    bool is_subsection;     /* `field` is the name of a subsection */
    bool source_is_greater; /* the source has the greater number */
    bool source_is_zero;    /* all bytes of the field are 0 on the source */
};

struct mt_state_differences {
    struct mt_state_difference *items;
    size_t count;
};

/* Adds a difference of a whole section. `what` describes it for the user. */
void mt_state_differences_add(struct mt_state_differences *differences,
                              enum mt_state_difference_kind kind, const struct mt_section *section,
                              const char *what);

/*
 * Adds each field that is not the same on both sides. The two sides may have different layouts.
 * Fields are matched by name. Renamed fields between two matches are matched by their place. A
 * description may be NULL or wrong: then the text tells only the place of the first byte that
 * differs.
 */
void mt_state_differences_find(struct mt_state_differences *differences,
                               const struct mt_section *source, const json_t *source_description,
                               const struct mt_section *destination,
                               const json_t *destination_description);

void mt_state_differences_clear(struct mt_state_differences *differences);

#endif
