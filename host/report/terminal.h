/* SPDX-License-Identifier: Apache-2.0 */
/* A run as it goes, for people: one line a test, failures again at the end, a line that sums up. */
#ifndef MT_REPORT_TERMINAL_H
#define MT_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "report/results.h"

struct mt_terminal {
    FILE *out;
    bool color;
    bool verbose;
};

/* Prints what the event means to people; most mean nothing. */
void mt_terminal_event(const struct mt_terminal *terminal, const struct mt_event *event);

/* What is left to say once the run is over. */
void mt_terminal_summary(const struct mt_terminal *terminal, const struct mt_results *results);

#endif
