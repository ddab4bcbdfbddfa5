/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/watch.h"

/* On the reference machine, nothing that a test waits for is silent for this long. */
static const int64_t least_patience_ms = 10000;

void mt_watch_begin(struct mt_watch *watch, int64_t timeout_ms, double factor)
{
    int64_t least = (int64_t)((double)least_patience_ms * factor);
    int64_t part = timeout_ms / 3;

    *watch = (struct mt_watch){
        .patience_ms = part > least ? part : least,
        .period_ms = timeout_ms / 4 > 1000 ? timeout_ms / 4 : 1000,
    };
}

void mt_watch_moved(struct mt_watch *watch)
{
    watch->silent_ms = 0;
}

enum mt_watch_finding mt_watch_tick(struct mt_watch *watch, int64_t ms)
{
    watch->silent_ms += ms;
    watch->running_ms += ms;
    if (watch->silent_ms >= watch->patience_ms) {
        return MT_WATCH_STALLED;
    }
    if (watch->running_ms - watch->reported_ms >= watch->period_ms) {
        watch->reported_ms = watch->running_ms;
        return MT_WATCH_SLOW;
    }
    return MT_WATCH_FINE;
}
