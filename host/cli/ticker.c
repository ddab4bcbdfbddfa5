/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ticker.h"

static const uint64_t interval_ms = 500;

static void ticker_tick(uv_timer_t *timer)
{
    mt_terminal_tick(timer->data);
}

void mt_ticker_start(struct mt_ticker *ticker, uv_loop_t *loop, struct mt_terminal *terminal)
{
    uv_timer_init(loop, &ticker->timer);
    ticker->timer.data = terminal;
    if (terminal->live.on) {
        uv_timer_start(&ticker->timer, ticker_tick, interval_ms, interval_ms);
    }
    /* The loop does not wait for this timer. */
    uv_unref((uv_handle_t *)&ticker->timer);
}

void mt_ticker_stop(struct mt_ticker *ticker)
{
    uv_loop_t *loop = ticker->timer.loop;

    uv_close((uv_handle_t *)&ticker->timer, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
}
