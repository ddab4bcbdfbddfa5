/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signals that end a run early. They are watched from the first event of the run, so that
 * reports are written even if a signal comes early.
 */
#ifndef MT_RUNNER_SIGNALS_H
#define MT_RUNNER_SIGNALS_H

#include <uv.h>

enum { MT_END_SIGNALS = 3 };

struct mt_signals {
    uv_signal_t handles[MT_END_SIGNALS];
    int signal; /* the last signal that came; 0: none */
    void *data;
    void (*handle)(void *data, int signal); /* NULL: the signal is only kept */
};

/* Watches SIGINT, SIGTERM and, unless it is ignored, SIGHUP. */
void mt_signals_watch(struct mt_signals *signals, uv_loop_t *loop, void *data,
                      void (*handle)(void *data, int signal));

/* Sets another handler, which gets a signal that has already come at once. */
void mt_signals_handle(struct mt_signals *signals, void *data,
                       void (*handle)(void *data, int signal));

void mt_signals_unwatch(struct mt_signals *signals);

#endif
