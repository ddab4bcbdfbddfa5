/* SPDX-License-Identifier: Apache-2.0 */
/* The records of one worker, read from the bytes that come over its channel. */
#ifndef MT_JOBS_RECORD_READER_H
#define MT_JOBS_RECORD_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol/record.h"

struct mt_record_reader {
    const char *token;
    void *data;
    /* The record is the reader's, unless the function takes it with mt_record_take. In place of a
     * line that is too long, whoever wrote it, the reader passes MT_RECORD_TOO_LONG. */
    void (*record)(void *data, struct mt_record *record);
    char *line;
    size_t size;
    size_t room;
    bool too_long;    /* the line that is being read */
    unsigned foreign; /* how many lines were no record of the worker */
};

void mt_record_reader_feed(struct mt_record_reader *reader, const char *bytes, size_t size);
void mt_record_reader_clear(struct mt_record_reader *reader);

#endif
