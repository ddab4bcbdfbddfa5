/* SPDX-License-Identifier: Apache-2.0 */
/* Updates the live line of a terminal while nothing else happens. */
#ifndef MT_CLI_TICKER_H
#define MT_CLI_TICKER_H

#include <uv.h>

#include "report/terminal.h"

struct mt_ticker {
    uv_timer_t timer;
};

void mt_ticker_start(struct mt_ticker *ticker, uv_loop_t *loop, struct mt_terminal *terminal);
void mt_ticker_stop(struct mt_ticker *ticker);

#endif
