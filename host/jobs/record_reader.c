/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/record_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "protocol/channel.h"

static void read_record(struct mt_record_reader *reader)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    struct mt_record record;

    if (mt_record_decode(reader->line, reader->size, reader->token, &record, &ignored) < 0) {
        reader->foreign++;
        return;
    }
    reader->record(reader->data, &record);
    mt_record_clear(&record);
}

static void report_too_long(struct mt_record_reader *reader)
{
    struct mt_record record = {.kind = MT_RECORD_TOO_LONG};

    reader->record(reader->data, &record);
}

static void add_bytes(struct mt_record_reader *reader, const char *bytes, size_t size)
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

void mt_record_reader_feed(struct mt_record_reader *reader, const char *bytes, size_t size)
{
    while (size > 0) {
        const char *newline = memchr(bytes, '\n', size);
        size_t part = newline != NULL ? (size_t)(newline - bytes) : size;
        add_bytes(reader, bytes, part);
        if (newline == NULL) {
            return;
        }
        if (reader->too_long) {
            report_too_long(reader);
        } else if (reader->size > 0) {
            read_record(reader);
        }
        reader->size = 0;
        reader->too_long = false;
        bytes += part + 1;
        size -= part + 1;
    }
}

void mt_record_reader_clear(struct mt_record_reader *reader)
{
    free(reader->line);
    reader->line = NULL;
    reader->size = reader->room = 0;
}
