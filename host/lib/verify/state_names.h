/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two fresh QEMUs, one of each side, say of the device state: what its fields are called, and
 * what a machine of that version has to send when nothing was migrated into it.
 */
#ifndef MT_VERIFY_STATE_NAMES_H
#define MT_VERIFY_STATE_NAMES_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/migration/pair.h"
#include "lib/state/differences.h"
#include "lib/state/sections.h"

struct mt_state_names {
    json_t *source; /* see lib/state/describe.h; NULL: QEMU would not say */
    json_t *destination;
    struct mt_sections fresh_destination; /* empty: not known */
};

/* It costs the start of two QEMUs. What they would not say is missing, and the log tells why. */
void mt_state_names_ask(struct mt_pair *pair, const struct mt_sections *source,
                        const struct mt_sections *destination, struct mt_state_names *ret_names);
void mt_state_names_clear(struct mt_state_names *names);

/* Whether a fresh destination has the section, or the subsection, that only the source has. */
bool mt_state_names_promise(const struct mt_state_names *names,
                            const struct mt_state_difference *difference);

#endif
