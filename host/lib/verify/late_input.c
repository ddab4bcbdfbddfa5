/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/late_input.h"

#include <string.h>

/* Of the line status register: there is a byte to be read. */
enum { DATA_READY = 1 };

/* Both are times of the wall clock. */
static bool taken_after_stop(const struct mt_vm *source)
{
    const struct mt_events *events = &source->monitor.qmp.events;

    for (size_t i = events->count; i > 0; i--) {
        if (mt_event_is(&events->entries[i - 1], "STOP")) {
            return source->serial.taken_us >= events->entries[i - 1].stamp_us;
        }
    }
    return false;
}

/* The guest's line is the first serial port; a test may add others. */
static bool is_of_line(const struct mt_state_difference *difference, const char *field)
{
    return strcmp(difference->section, "serial") == 0 && difference->instance == 0 &&
           difference->field != NULL && strcmp(difference->field, field) == 0;
}

static bool has_byte_more(const struct mt_state_differences *differences)
{
    for (size_t i = 0; i < differences->count; i++) {
        const struct mt_state_difference *one = &differences->items[i];
        if (is_of_line(one, "state.lsr")) {
            return one->distance == DATA_READY && one->source_is_greater;
        }
    }
    return false;
}

bool mt_is_late_input(const struct mt_pair *pair, const struct mt_state_differences *differences,
                      const struct mt_state_difference *one)
{
    return (is_of_line(one, "state.lsr") || is_of_line(one, "state.rbr")) &&
           has_byte_more(differences) && taken_after_stop(pair->sides[MT_SOURCE].vm);
}
