/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/pair/run.h"

#include <string.h>

int mt_migration_need_run(const struct mt_pair *pair, struct mt_error *error)
{
    return pair->run != NULL && !pair->run->over ? 0 : mt_fail(error, "no migration is under way");
}

bool mt_migration_suspended_after(const struct mt_events *events, size_t from, bool suspended)
{
    for (size_t i = from; i < events->count; i++) {
        if (strcmp(events->entries[i].name, "SUSPEND") == 0) {
            suspended = true;
        } else if (strcmp(events->entries[i].name, "WAKEUP") == 0 ||
                   strcmp(events->entries[i].name, "RESET") == 0) {
            suspended = false;
        }
    }
    return suspended;
}

bool mt_migration_is_suspended(const struct mt_pair *pair)
{
    return mt_migration_suspended_after(&pair->sides[MT_SOURCE].vm->monitor.qmp.events,
                                        pair->run->from[MT_SOURCE], pair->run->began_suspended);
}

bool mt_migration_has_said(const struct mt_pair *pair, const char *status)
{
    const struct mt_events *events = &pair->sides[MT_SOURCE].vm->monitor.qmp.events;

    for (size_t i = pair->run->from[MT_SOURCE]; i < events->count; i++) {
        if (strcmp(events->entries[i].name, "MIGRATION") == 0 &&
            mt_event_is(&events->entries[i], status)) {
            return true;
        }
    }
    return false;
}

int mt_migration_event_time(const struct mt_pair *pair, const char *event, int64_t *ret_us,
                            struct mt_error *error)
{
    const struct mt_events *events = &pair->sides[MT_SOURCE].vm->monitor.qmp.events;

    for (size_t i = pair->run->from[MT_SOURCE]; i < events->count; i++) {
        if (mt_event_is(&events->entries[i], event)) {
            *ret_us = events->entries[i].stamp_us;
            return 0;
        }
    }
    return mt_fail(error, "the source has sent no %s in this migration", event);
}
