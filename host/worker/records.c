/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/records.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"

static void write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, text, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return;
        }
        text += written;
        size -= (size_t)written;
    }
}

json_t *mt_record_text(const char *text)
{
    MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));

    return json_string(clean);
}

void mt_record_error(const struct mt_records *records, const struct mt_error *error)
{
    mt_record(records, "error",
              json_pack("{s:o}", "message", mt_record_text(mt_error_text(error))));
}

void mt_record(const struct mt_records *records, const char *kind, json_t *members)
{
    json_t *record = members != NULL ? members : json_object();

    json_object_set_new(record, "kind", json_string(kind));
    json_object_set_new(record, "token", json_string(records->token));
    MT_AUTO_FREE char *dumped = json_dumps(record, JSON_COMPACT);
    json_decref(record);
    if (dumped != NULL) {
        MT_AUTO_FREE char *line = mt_text("%s\n", dumped);
        write_all(records->fd, line, strlen(line));
    }
}
