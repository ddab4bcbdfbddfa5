/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a journal back, also that of a run that was killed in the middle of a line. */
#ifndef MT_JOURNAL_READER_H
#define MT_JOURNAL_READER_H

#include "journal/event.h"

struct mt_journal_listener {
    void *data;
    void (*event)(void *data, const struct mt_event *event);
    void (*unreadable)(void *data, long line, const char *why); /* a line that was skipped */
};

/* The journal that somebody names, by the results folder that it is in, or by itself; the caller
 * frees it. */
char *mt_journal_of(const char *named);

int mt_journal_read(const char *path, const struct mt_journal_listener *listener,
                    struct mt_error *error);

#endif
