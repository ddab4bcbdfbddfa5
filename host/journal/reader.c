/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/reader.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"

static int reader_take_line(const char *line, long number,
                            const struct mt_journal_listener *listener, struct mt_error *error)
{
    MT_AUTO_ERROR struct mt_error fault = {0};
    struct mt_event event;
    int result = mt_event_decode(line, &event, &fault);

    if (result < 0) {
        listener->unreadable(listener->data, number, mt_error_text(&fault));
        return 0;
    }
    if (result > 0) {
        return 0;
    }
    if (event.kind == MT_EVENT_RUN_STARTED && event.format != MT_JOURNAL_FORMAT) {
        mt_fail(error, "line %ld has format %lld, expected %d", number, (long long)event.format,
                MT_JOURNAL_FORMAT);
        result = -1;
    } else {
        listener->event(listener->data, &event);
    }
    mt_event_clear(&event);
    return result;
}

char *mt_journal_of(const char *named)
{
    struct stat status;

    return stat(named, &status) == 0 && S_ISDIR(status.st_mode) ? mt_text("%s/journal.jsonl", named)
                                                                : mt_text_copy(named);
}

int mt_journal_read(const char *path, const struct mt_journal_listener *listener,
                    struct mt_error *error)
{
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    MT_AUTO_FREE char *line = NULL;
    size_t room = 0;

    if (file == NULL) {
        return mt_fail_errno(error, "cannot open the journal %s", path);
    }
    for (long number = 1; getline(&line, &room, file) >= 0; number++) {
        if (reader_take_line(line, number, listener, error) < 0) {
            return mt_wrap(error, "reading the journal %s", path);
        }
    }
    return 0;
}
