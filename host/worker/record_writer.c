/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/record_writer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

static void write_to_host(int fd, const char *text, size_t size)
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

void mt_record_write(const struct mt_record_writer *writer, const struct mt_record *record)
{
    struct mt_record complete = *record;

    complete.token = writer->token;
    MT_AUTO_FREE char *encoded = mt_record_encode(&complete);
    MT_AUTO_FREE char *line = mt_text("%s\n", encoded);
    write_to_host(writer->fd, line, strlen(line));
}

void mt_record_write_bare(const struct mt_record_writer *writer, enum mt_record_kind kind)
{
    mt_record_write(writer, &(struct mt_record){.kind = kind});
}

void mt_record_write_message(const struct mt_record_writer *writer, enum mt_record_kind kind,
                             const char *text)
{
    mt_record_write(writer, &(struct mt_record){.kind = kind, .message.text = text});
}
