/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal of an earlier run says about each test: --failed runs again what failed, and
 * --resume continues a run that ended early. */
#ifndef MT_PLAN_HISTORY_H
#define MT_PLAN_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "journal/test_index.h"
#include "journal/test_state.h"

struct mt_history {
    struct mt_event run; /* run-started; its format is 0 if the journal has none */
    struct mt_test_state *tests;
    size_t count;
    struct mt_test_index index;
    unsigned unreadable; /* lines of the journal */
};

int mt_history_read(const char *path, struct mt_history *ret_history, struct mt_error *error);
void mt_history_clear(struct mt_history *history);

/* For a caller that reads the journal itself: one event after the other. */
void mt_history_add(struct mt_history *history, const struct mt_event *event);

/* NULL: the run had no such test. */
const struct mt_test_state *mt_history_find(const struct mt_history *history,
                                            const struct mt_test_id *id);

/* Whether --failed runs the test again: the test went wrong, or started and has no verdict, or its
 * plugin did not load. */
bool mt_history_failed(const struct mt_history *history, const struct mt_test_id *id);

#endif
