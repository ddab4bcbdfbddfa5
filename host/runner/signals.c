/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/signals.h"

#include <signal.h>
#include <stdbool.h>

static const int end_signals[MT_END_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

static void came(uv_signal_t *handle, int signal)
{
    struct mt_signals *signals = handle->data;

    signals->signal = signal;
    if (signals->heard != NULL) {
        signals->heard(signals->data, signal);
    }
}

/* As nohup has it. */
static bool is_ignored(int signal)
{
    struct sigaction action;

    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void mt_signals_watch(struct mt_signals *signals, uv_loop_t *loop, void *data,
                      void (*heard)(void *data, int signal))
{
    *signals = (struct mt_signals){.data = data, .heard = heard};
    for (int i = 0; i < MT_END_SIGNALS; i++) {
        uv_signal_init(loop, &signals->handles[i]);
        signals->handles[i].data = signals;
        if (end_signals[i] != SIGHUP || !is_ignored(SIGHUP)) {
            uv_signal_start(&signals->handles[i], came, end_signals[i]);
        }
        uv_unref((uv_handle_t *)&signals->handles[i]);
    }
}

void mt_signals_tell(struct mt_signals *signals, void *data, void (*heard)(void *data, int signal))
{
    signals->data = data;
    signals->heard = heard;
    if (signals->signal != 0 && heard != NULL) {
        heard(data, signals->signal);
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
