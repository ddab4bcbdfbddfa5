/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/records.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* The longest known, what a QEMU can do, has about 60 KiB. */
static const size_t line_limit = 1024 * 1024;

static void take_line(struct mt_record_reader *reader)
{
    json_t *record = json_loadb(reader->line, reader->size, 0, NULL);
    const char *token = json_string_value(json_object_get(record, "token"));
    const char *kind = json_string_value(json_object_get(record, "kind"));

    if (token != NULL && kind != NULL && strcmp(token, reader->token) == 0) {
        reader->record(reader->data, kind, record);
    } else {
        reader->foreign++;
    }
    json_decref(record);
}

static void add(struct mt_record_reader *reader, const char *bytes, size_t size)
{
    /* The rest of an endless line is dropped; without its end it cannot be a record. */
    if (reader->size + size > line_limit) {
        return;
    }
    if (reader->size + size > reader->room) {
        reader->room = (reader->size + size) * 2;
        reader->line = mt_realloc(reader->line, reader->room, 1);
    }
    memcpy(reader->line + reader->size, bytes, size);
    reader->size += size;
}

void mt_records_feed(struct mt_record_reader *reader, const char *bytes, size_t size)
{
    while (size > 0) {
        const char *newline = memchr(bytes, '\n', size);
        size_t part = newline != NULL ? (size_t)(newline - bytes) : size;
        add(reader, bytes, part);
        if (newline == NULL) {
            return;
        }
        if (reader->size > 0) {
            take_line(reader);
        }
        reader->size = 0;
        bytes += part + 1;
        size -= part + 1;
    }
}

void mt_records_clear(struct mt_record_reader *reader)
{
    free(reader->line);
    reader->line = NULL;
    reader->size = reader->room = 0;
}
