/* SPDX-License-Identifier: Apache-2.0 */
/* The receivers of a run's events: the journal, the results and the terminal. */
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

/* Hands an event to all of them. `data` is the audience. */
void mt_audience_hear(void *data, const struct mt_event *event);

/* Stamps the event with the time first. */
void mt_audience_tell(struct mt_audience *audience, struct mt_event *event);

/* Makes a warning of the text, and prints it on stderr, too. `data` is the audience. */
void mt_audience_warn(void *data, const char *text);

#endif
