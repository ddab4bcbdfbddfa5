/* SPDX-License-Identifier: Apache-2.0 */
/* How a migration went: events and replies to query-migrate of all sides, from the recordings. */
#ifndef MT_REPORT_MIGRATION_HISTORY_H
#define MT_REPORT_MIGRATION_HISTORY_H

#include "base/text.h"

struct mt_migration_moment {
    double time;
    char *text; /* "source: event MIGRATION_PASS pass=3" */
};

struct mt_migration_history {
    struct mt_migration_moment *moments;
    size_t count;
};

/* Adds what the recording of one side has. */
void mt_migration_history_add(struct mt_migration_history *history, const char *side,
                              const char *path);

/* All sides in order of time, with the seconds since the first line. The caller frees the text. */
char *mt_migration_history_text(struct mt_migration_history *history);
void mt_migration_history_clear(struct mt_migration_history *history);

#endif
