/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a journal, also one whose last line is not whole because the run was killed. */
#ifndef MT_JOURNAL_READER_H
#define MT_JOURNAL_READER_H

#include "journal/event.h"

struct mt_journal_listener {
    void *data;
    void (*event)(void *data, const struct mt_event *event);
    void (*unreadable)(void *data, long line, const char *why); /* a line that was skipped */
};

/* The path of the journal that a user names, by its own path or by the results folder. The caller
 * frees the path. */
char *mt_journal_of(const char *named);

int mt_journal_read(const char *path, const struct mt_journal_listener *listener,
                    struct mt_error *error);

#endif
