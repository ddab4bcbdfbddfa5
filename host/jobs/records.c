/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/records.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "protocol/channel.h"

static void take_line(struct mt_record_reader *reader)
{
    json_t *record = json_loadb(reader->line, reader->size, 0, NULL);
    const char *token = mt_json_find_text(record, "token");
    const char *kind = mt_json_find_text(record, "kind");

    if (token != NULL && kind != NULL && strcmp(token, reader->token) == 0 &&
        strcmp(kind, MT_RECORD_TOO_LONG) != 0) {
        reader->record(reader->data, kind, record);
    } else {
        reader->foreign++;
    }
    json_decref(record);
}

static void add(struct mt_record_reader *reader, const char *bytes, size_t size)
{
    if (reader->too_long || reader->size + size > MT_CHANNEL_LINE_LIMIT) {
        reader->too_long = true;
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
        if (reader->too_long) {
            reader->record(reader->data, MT_RECORD_TOO_LONG, NULL);
        } else if (reader->size > 0) {
            take_line(reader);
        }
        reader->size = 0;
        reader->too_long = false;
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
