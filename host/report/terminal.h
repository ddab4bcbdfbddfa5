/* SPDX-License-Identifier: Apache-2.0 */
/* A run as it goes, for people: one line a test, failures again at the end, a line that sums up. */
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
    bool quiet; /* what went wrong and the sum alone */
    struct mt_live live;
};

/* Prints what the event means to people; most mean nothing. */
void mt_terminal_event(struct mt_terminal *terminal, const struct mt_event *event);

/* Time went by: the live line tells so. */
void mt_terminal_tick(struct mt_terminal *terminal);

/* For what somebody else is about to print. */
void mt_terminal_make_room(struct mt_terminal *terminal);

/* What is left to say once all results are there. */
void mt_terminal_summary(struct mt_terminal *terminal, const struct mt_results_list *list);

#endif
