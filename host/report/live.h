/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The last line of a terminal, redrawn while a run goes on: the number of tests that are done,
 * which tests run now, for how long, and what they wait for.
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
    char *waiting;  /* NULL: for nothing that is known */
};

struct mt_live {
    bool on; /* the output is a terminal */
    bool drawn;
    double started;
    size_t rounds; /* number of repetitions of each test; 0: once */
    bool endless;  /* the tests are repeated without a limit */
    size_t planned;
    size_t through; /* number of repetitions that are over */
    size_t bad;
    struct mt_live_test *running;
    size_t count;
};

void mt_live_event(struct mt_live *live, const struct mt_event *event);

/* The line as it is now, at most that many columns long. The caller frees it. */
char *mt_live_text(const struct mt_live *live, double now, size_t columns);

/* Removes the line before something else is printed, and draws it again after that. */
void mt_live_erase(struct mt_live *live, FILE *out);
void mt_live_draw(struct mt_live *live, FILE *out);

/* Removes the line and releases all memory. */
void mt_live_end(struct mt_live *live, FILE *out);

#endif
