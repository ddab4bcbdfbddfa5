/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two fresh QEMUs, one of each side's version, tell about the device state: the names of its
 * fields, and the sections that a machine of this version has when nothing was migrated into it.
 */
#ifndef MT_VERIFY_STATE_NAMES_H
#define MT_VERIFY_STATE_NAMES_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/pair/pair.h"
#include "lib/state/differences.h"
#include "lib/state/sections.h"

struct mt_state_names {
    json_t *source; /* the descriptions, see lib/state/describe.h; NULL: unknown */
    json_t *destination;
    struct mt_sections fresh_source;
    struct mt_sections fresh_destination;
    char *why_unknown; /* why some of this is missing; NULL: nothing is missing */
};

/* Starts two QEMUs and asks them. If that fails, `why_unknown` says why. */
void mt_state_names_ask(struct mt_pair *pair, const struct mt_sections *source,
                        const struct mt_sections *destination, struct mt_state_names *ret_names);
void mt_state_names_clear(struct mt_state_names *names);

/*
 * Whether the two fresh QEMUs have the same difference, so without a migration: a section or a
 * subsection that only one side has, or a section of another size.
 */
bool mt_state_names_explain(const struct mt_state_names *names,
                            const struct mt_state_difference *difference);

#endif
