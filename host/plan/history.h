/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal of an earlier run says of each test: for running again what failed, and for
 * going on where a run ended early. */
#ifndef MT_PLAN_HISTORY_H
#define MT_PLAN_HISTORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "journal/event.h"

/* A test's past. An attempt that was cut off, or is undecided, has not been made. */
struct mt_past {
    bool planned;
    bool settled;        /* it was skipped, or could not even be tried */
    bool bad;            /* something that counts went wrong */
    bool unfinished;     /* one was begun, and ended with the run or undecided */
    int64_t under_way;   /* attempts that began since the run last went on, and are not over */
    int64_t repetitions; /* that are over; they may have run beside each other */
    int64_t last_over;   /* the highest number of these */
    int64_t attempts;    /* of one that is not over */
    int64_t attempts_of; /* its number */
    char *fault;         /* of the first of these attempts */
};

struct mt_history {
    struct mt_event run; /* run-started */
    struct mt_past *pasts;
    size_t count;
    json_t *index; /* by "PLUGIN:NAME" */
    unsigned torn; /* lines that could not be read */
};

int mt_history_read(const char *path, struct mt_history *ret_history, struct mt_error *error);
void mt_history_clear(struct mt_history *history);

/* For whoever reads the journal itself. */
void mt_history_add(struct mt_history *history, const struct mt_event *event);

/* NULL: the run had no such test. */
const struct mt_past *mt_history_find(const struct mt_history *history,
                                      const struct mt_test_id *id);

/* Whether it went wrong, is undecided, or was under way when the run ended; also where its plugin
 * did not load. */
bool mt_history_failed(const struct mt_history *history, const struct mt_test_id *id);

#endif
