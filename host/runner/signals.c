/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/signals.h"

#include <signal.h>
#include <stdbool.h>

static const int end_signals[MT_END_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

static void signal_came(uv_signal_t *watcher, int signal)
{
    struct mt_signals *signals = watcher->data;

    signals->signal = signal;
    if (signals->handle != NULL) {
        signals->handle(signals->data, signal);
    }
}

/* nohup ignores SIGHUP, and its programs are to stay. */
static bool is_ignored(int signal)
{
    struct sigaction action;

    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void mt_signals_watch(struct mt_signals *signals, uv_loop_t *loop, void *data,
                      void (*handle)(void *data, int signal))
{
    *signals = (struct mt_signals){.data = data, .handle = handle};
    for (int i = 0; i < MT_END_SIGNALS; i++) {
        uv_signal_init(loop, &signals->handles[i]);
        signals->handles[i].data = signals;
        if (end_signals[i] != SIGHUP || !is_ignored(SIGHUP)) {
            uv_signal_start(&signals->handles[i], signal_came, end_signals[i]);
        }
        uv_unref((uv_handle_t *)&signals->handles[i]);
    }
}

void mt_signals_handle(struct mt_signals *signals, void *data,
                       void (*handle)(void *data, int signal))
{
    signals->data = data;
    signals->handle = handle;
    if (signals->signal != 0 && handle != NULL) {
        handle(data, signals->signal);
    }
}

void mt_signals_unwatch(struct mt_signals *signals)
{
    uv_loop_t *loop = signals->handles[0].loop;

    for (int i = 0; i < MT_END_SIGNALS; i++) {
        uv_close((uv_handle_t *)&signals->handles[i], NULL);
    }
    uv_run(loop, UV_RUN_NOWAIT);
}
