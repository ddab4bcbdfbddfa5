/* SPDX-License-Identifier: Apache-2.0 */
/* Appends events to a journal. Each event is one line and one write, so a killed run loses none. */
#ifndef MT_JOURNAL_WRITER_H
#define MT_JOURNAL_WRITER_H

#include "journal/event.h"

struct mt_journal_writer {
    int fd;
    char *path;
};

/* Continues a journal that exists. If its last line is not whole, that line is ended first. */
int mt_journal_open(struct mt_journal_writer *writer, const char *path, struct mt_error *error);
int mt_journal_write(struct mt_journal_writer *writer, const struct mt_event *event,
                     struct mt_error *error);
void mt_journal_close(struct mt_journal_writer *writer);

#endif
