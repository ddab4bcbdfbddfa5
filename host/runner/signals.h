/* SPDX-License-Identifier: Apache-2.0 */
/* The signals that end a run early; from its very begin, as what it has said is to be reported. */
#ifndef MT_RUNNER_SIGNALS_H
#define MT_RUNNER_SIGNALS_H

#include <uv.h>

enum { MT_END_SIGNALS = 3 };

struct mt_signals {
    uv_signal_t handles[MT_END_SIGNALS];
    int signal; /* the last that came; 0: none did */
    void *data;
    void (*heard)(void *data, int signal); /* NULL: it is kept */
};

/* SIGINT, SIGTERM and, unless it is ignored, SIGHUP. */
void mt_signals_watch(struct mt_signals *signals, uv_loop_t *loop, void *data,
                      void (*heard)(void *data, int signal));

/* From now on; what came already is told at once. */
void mt_signals_tell(struct mt_signals *signals, void *data, void (*heard)(void *data, int signal));

void mt_signals_unwatch(struct mt_signals *signals);

#endif
