/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The watchdog of an attempt: it barks when nothing moves any more, long before the time limit, and
 * says now and then that a test takes long. Its clock is its caller's ticks, so that a host that
 * stood still itself finds nobody else guilty.
 */
#ifndef MT_RUNNER_WATCH_H
#define MT_RUNNER_WATCH_H

#include <stdint.h>

struct mt_watch {
    int64_t patience_ms; /* for how long nothing may move */
    int64_t period_ms;   /* how often it is said that the test takes long */
    int64_t silent_ms;
    int64_t running_ms;
    int64_t said_ms;
};

enum mt_watch_finding {
    MT_WATCH_FINE,
    MT_WATCH_SLOW,
    MT_WATCH_STALLED,
};

/* `factor` is how much slower this host is than the one that time limits are meant for. */
void mt_watch_begin(struct mt_watch *watch, int64_t timeout_ms, double factor);

/* A sign of life. */
void mt_watch_moved(struct mt_watch *watch);

/* So many milliseconds went by. */
enum mt_watch_finding mt_watch_tick(struct mt_watch *watch, int64_t ms);

#endif
