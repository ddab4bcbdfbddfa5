/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/late_input.h"

#include <string.h>

/* Of the line status register: there is a byte to be read. */
enum { DATA_READY = 1 };

/* Both are times of the wall clock. */
static bool taken_after_stop(const struct mt_vm *source)
{
    const struct mt_events *events = &source->qmp.events;

    for (size_t i = events->count; i > 0; i--) {
        if (mt_event_is(&events->entries[i - 1], "STOP")) {
            return source->serial.taken_us >= events->entries[i - 1].stamp_us;
        }
    }
    return false;
}

static bool is_of_a_byte(const struct mt_state_difference *difference)
{
    if (strcmp(difference->section, "serial") != 0 || difference->field == NULL) {
        return false;
    }
    if (strcmp(difference->field, "state.lsr") == 0) {
        return difference->distance == DATA_READY && difference->source_is_greater;
    }
    return strcmp(difference->field, "state.rbr") == 0;
}

bool mt_is_late_input(const struct mt_pair *pair, const struct mt_state_difference *difference)
{
    return is_of_a_byte(difference) && taken_after_stop(pair->source);
}
