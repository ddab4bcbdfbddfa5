/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two fresh QEMUs, one of each side, say of the device state: what its fields are called, and
 * what a machine of that version has to send when nothing was migrated into it.
 */
#ifndef MT_VERIFY_STATE_NAMES_H
#define MT_VERIFY_STATE_NAMES_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/pair/pair.h"
#include "lib/state/differences.h"
#include "lib/state/sections.h"

struct mt_state_names {
    json_t *source; /* see lib/state/describe.h; NULL: QEMU would not say */
    json_t *destination;
    struct mt_sections fresh_source;
    struct mt_sections fresh_destination;
    char *why_unknown; /* what is missing of these; NULL: nothing */
};

/* It costs the start of two QEMUs. */
void mt_state_names_ask(struct mt_pair *pair, const struct mt_sections *source,
                        const struct mt_sections *destination, struct mt_state_names *ret_names);
void mt_state_names_clear(struct mt_state_names *names);

/*
 * Whether the two versions differ like that by themselves: of a section or a subsection that one
 * side alone has, or of a field's other size, whether it is so with the two fresh QEMUs, too.
 */
bool mt_state_names_explain(const struct mt_state_names *names,
                            const struct mt_state_difference *difference);

#endif
