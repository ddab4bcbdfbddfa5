/* SPDX-License-Identifier: Apache-2.0 */
/* What comes from a worker, line by line. Nothing in it is trusted but what bears the token. */
#ifndef MT_JOBS_RECORDS_H
#define MT_JOBS_RECORDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The reader's own word in place of a line that was too long to be kept, whoever wrote it. */
#define MT_RECORD_TOO_LONG "too-long"

struct mt_record_reader {
    const char *token;
    void *data;
    void (*record)(void *data, const char *kind, const json_t *record); /* NULL: nothing more */
    char *line;
    size_t size;
    size_t room;
    bool too_long;    /* the line that is being read */
    unsigned foreign; /* lines that are not the worker's */
};

void mt_records_feed(struct mt_record_reader *reader, const char *bytes, size_t size);
void mt_records_clear(struct mt_record_reader *reader);

#endif
