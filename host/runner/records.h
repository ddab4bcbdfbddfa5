/* SPDX-License-Identifier: Apache-2.0 */
/* What comes from a worker, line by line. Nothing in it is trusted but what bears the token. */
#ifndef MT_RUNNER_RECORDS_H
#define MT_RUNNER_RECORDS_H

#include <jansson.h>
#include <stddef.h>

struct mt_record_reader {
    const char *token;
    void *data;
    void (*record)(void *data, const char *kind, const json_t *record);
    char *line;
    size_t size;
    size_t room;
    unsigned foreign; /* lines that are not the worker's */
};

void mt_records_feed(struct mt_record_reader *reader, const char *bytes, size_t size);
void mt_records_clear(struct mt_record_reader *reader);

#endif
