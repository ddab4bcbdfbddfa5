/* SPDX-License-Identifier: Apache-2.0 */
/* A run for people: one line for each test, the failures again at the end, and a summary. */
#ifndef MT_REPORT_TERMINAL_H
#define MT_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "report/live.h"
#include "report/results.h"

struct mt_terminal {
    FILE *out;
    bool color;
    bool verbose;
    bool quiet; /* print only failures and the summary */
    struct mt_live live;
};

/* Prints the line for an event. Most events have none. */
void mt_terminal_event(struct mt_terminal *terminal, const struct mt_event *event);

/* Redraws the live line, as time has passed. */
void mt_terminal_tick(struct mt_terminal *terminal);

/* Removes the live line before other code prints something. */
void mt_terminal_make_room(struct mt_terminal *terminal);

/* Prints the failures and the summary at the end of a run. */
void mt_terminal_summary(struct mt_terminal *terminal, const struct mt_results_list *list);

#endif
