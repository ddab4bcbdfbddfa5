/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The watchdog of an attempt. It reports that nothing moves any more, long before the time limit,
 * and reports from time to time that a test takes long. Its clock is the caller's ticks, so that a
 * test is not blamed when the host itself stood still.
 */
#ifndef MT_RUNNER_WATCH_H
#define MT_RUNNER_WATCH_H

#include <stdint.h>

struct mt_watch {
    int64_t patience_ms; /* how long the test may give no sign of life */
    int64_t period_ms;   /* how often the watchdog reports that the test takes long */
    int64_t silent_ms;   /* since the last sign of life */
    int64_t running_ms;  /* since the begin */
    int64_t reported_ms; /* when it last reported that */
};

enum mt_watch_finding {
    MT_WATCH_FINE,
    MT_WATCH_SLOW,
    MT_WATCH_STALLED,
};

/* `factor` is how much slower this host is than the reference machine of the time limits. */
void mt_watch_begin(struct mt_watch *watch, int64_t timeout_ms, double factor);

/* The test gave a sign of life. */
void mt_watch_moved(struct mt_watch *watch);

/* `ms` milliseconds have passed. */
enum mt_watch_finding mt_watch_tick(struct mt_watch *watch, int64_t ms);

#endif
