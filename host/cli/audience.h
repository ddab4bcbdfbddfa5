/* SPDX-License-Identifier: Apache-2.0 */
/* Everybody who hears of a run's events: the journal, the results, the terminal. */
#ifndef MT_CLI_AUDIENCE_H
#define MT_CLI_AUDIENCE_H

#include "journal/writer.h"
#include "report/results.h"
#include "report/terminal.h"

struct mt_audience {
    struct mt_journal_writer journal;
    struct mt_results results;
    struct mt_terminal terminal;
    bool journal_lost;
};

/* `data` is the audience. */
void mt_audience_hear(void *data, const struct mt_event *event);

/* The same for an event that has no time yet. */
void mt_audience_tell(struct mt_audience *audience, struct mt_event *event);

/* Says it on stderr too. `data` is the audience. */
void mt_audience_warn(void *data, const char *text);

#endif
