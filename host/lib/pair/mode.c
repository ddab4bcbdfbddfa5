/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/pair/mode.h"

#include <stddef.h>
#include <string.h>

enum {
    /* With both sides at rest, all that they hold can be compared. */
    AT_STILL = MT_ORACLE_RAM | MT_ORACLE_STATE | MT_ORACLE_SECOND_VIEW,
    AFTER = MT_ORACLE_CPUID | MT_ORACLE_OWNERSHIP | MT_ORACLE_STATISTICS | MT_ORACLE_LEFTOVERS,
};

/* RESUME is in no order: a QEMU may start the guest before or after it says `completed`. */
#define LOADED                                                                                     \
    {                                                                                              \
        "setup", "active", "completed"                                                             \
    }

static const struct mt_mode modes[] = {
    {
        .name = "still",
        .held = true,
        .order = {[MT_SOURCE] = {"setup", "active", "completed"}, [MT_DESTINATION] = LOADED},
        .at_still = AT_STILL,
        .after = AFTER,
    },
    {
        .name = "still and paused",
        .pauses = true,
        .held = true,
        .order = {[MT_SOURCE] = {"setup", "active", "pre-switchover", "completed"},
                  [MT_DESTINATION] = LOADED},
        .at_still = AT_STILL,
        .after = AFTER,
    },
    {
        .name = "live",
        .live = true,
        .held = true,
        .order =
            {[MT_SOURCE] = {"setup", "active", "STOP", "completed"}, [MT_DESTINATION] = LOADED},
        .at_still = AT_STILL,
        .after = AFTER,
    },
    {
        .name = "paused",
        .live = true,
        .pauses = true,
        .held = true,
        .order = {[MT_SOURCE] = {"setup", "active", "STOP", "pre-switchover", "completed"},
                  [MT_DESTINATION] = LOADED},
        .at_still = AT_STILL,
        .after = AFTER,
    },
    {
        .name = "self-start",
        .live = true,
        .order =
            {[MT_SOURCE] = {"setup", "active", "STOP", "completed"}, [MT_DESTINATION] = LOADED},
        .after = AFTER,
    },
    {
        .name = "paused self-start",
        .live = true,
        .pauses = true,
        .order = {[MT_SOURCE] = {"setup", "active", "STOP", "pre-switchover", "completed"},
                  [MT_DESTINATION] = LOADED},
        .after = AFTER,
    },
};

const struct mt_mode *mt_mode_find(bool live, bool pauses, bool held)
{
    const struct mt_mode *mode = modes;

    while (mode->live != live || mode->pauses != pauses || mode->held != (held || !live)) {
        mode++;
    }
    return mode;
}

bool mt_mode_expects(const struct mt_mode *mode, enum mt_side_index side, const char *name)
{
    const char *const *order = mode->order[side];

    for (size_t i = 0; order[i] != NULL; i++) {
        if (strcmp(order[i], name) == 0) {
            return true;
        }
    }
    return false;
}
