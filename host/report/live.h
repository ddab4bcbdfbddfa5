/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line below all others of a terminal, drawn anew as a run goes: how many are through, what
 * runs now, for how long, and what it waits for.
 */
#ifndef MT_REPORT_LIVE_H
#define MT_REPORT_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "journal/event.h"

struct mt_live_test {
    char *name;
    int64_t attempt;
    double started; /* seconds since 1970 */
    char *waiting;  /* NULL: for nothing that was told */
};

struct mt_live {
    bool on; /* the output is a terminal */
    bool drawn;
    double started;
    size_t rounds; /* how often each test is run; 0: once */
    bool endless;  /* again and again */
    size_t planned;
    size_t through; /* repetitions */
    size_t bad;
    struct mt_live_test *running;
    size_t count;
};

void mt_live_event(struct mt_live *live, const struct mt_event *event);

/* The line as it is now, cut to so many columns; the caller frees it. */
char *mt_live_text(const struct mt_live *live, double now, size_t columns);

/* Takes it away before something else is printed, and puts it there after. */
void mt_live_erase(struct mt_live *live, FILE *out);
void mt_live_draw(struct mt_live *live, FILE *out);

/* Forgets all that it knew; the line is gone first. */
void mt_live_end(struct mt_live *live, FILE *out);

#endif
