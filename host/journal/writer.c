/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

static int end_unreadable_line(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char last = '\n';

    if (size > 0 && pread(fd, &last, 1, size - 1) != 1) {
        return -1;
    }
    return last == '\n' || write(fd, "\n", 1) == 1 ? 0 : -1;
}

int mt_journal_open(struct mt_journal_writer *writer, const char *path, struct mt_error *error)
{
    MT_AUTO_FD int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (fd < 0) {
        return mt_fail_errno(error, "cannot open the journal %s", path);
    }
    if (end_unreadable_line(fd) < 0) {
        return mt_fail_errno(error, "cannot go on with the journal %s", path);
    }
    *writer = (struct mt_journal_writer){.fd = mt_take_fd(&fd), .path = mt_text_copy(path)};
    return 0;
}

int mt_journal_write(struct mt_journal_writer *writer, const struct mt_event *event,
                     struct mt_error *error)
{
    MT_AUTO_FREE char *line = mt_event_encode(event);
    size_t size = strlen(line);
    ssize_t written;

    do {
        written = write(writer->fd, line, size);
    } while (written < 0 && errno == EINTR);
    if (written < 0) {
        return mt_fail_errno(error, "cannot write to the journal %s", writer->path);
    }
    if ((size_t)written < size) {
        return mt_fail(error, "cannot write to the journal %s: no room left", writer->path);
    }
    return 0;
}

void mt_journal_close(struct mt_journal_writer *writer)
{
    if (writer->path != NULL) {
        close(writer->fd);
        free(writer->path);
        writer->path = NULL;
    }
}
