/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/recording.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

/* The end of a recording says more than its beginning. So a long recording keeps its last one or
 * two parts of this size. */
static const size_t part_limit = 8 * 1024 * 1024;

static int recording_open_part(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
}

void mt_recording_open(struct mt_recording *recording, const char *folder, const char *name)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};

    *recording = (struct mt_recording){.path = mt_text("%s/%s", folder, name)};
    recording->fd = recording_open_part(recording->path);
    if (recording->fd < 0 && mt_folder_make(folder, &ignored) == 0) {
        recording->fd = recording_open_part(recording->path);
    }
}

void mt_recording_close(struct mt_recording *recording)
{
    if (recording->fd >= 0) {
        close(recording->fd);
    }
    free(recording->path);
    *recording = MT_RECORDING_NONE;
}

static void recording_begin_part(struct mt_recording *recording)
{
    MT_AUTO_FREE char *earlier = mt_text("%s.earlier", recording->path);

    close(recording->fd);
    rename(recording->path, earlier);
    recording->fd = recording_open_part(recording->path);
    recording->size = 0;
}

void mt_recording_add(struct mt_recording *recording, const char *mark, const char *text,
                      size_t size)
{
    struct timespec now;
    char head[64];

    if (recording->fd < 0) {
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    int head_size = snprintf(head, sizeof(head), "%lld.%06ld %s ", (long long)now.tv_sec,
                             now.tv_nsec / 1000, mark);
    struct iovec parts[] = {{.iov_base = head, .iov_len = (size_t)head_size},
                            {.iov_base = (void *)(uintptr_t)text, .iov_len = size},
                            {.iov_base = (void *)(uintptr_t) "\n", .iov_len = 1}};
    ssize_t written = writev(recording->fd, parts, 3);
    recording->size += written > 0 ? (size_t)written : 0;
    if (recording->size > part_limit) {
        recording_begin_part(recording);
    }
}

void mt_recording_add_bytes(struct mt_recording *recording, const char *mark,
                            const unsigned char *bytes, size_t size)
{
    char shown[4 * 1024];
    size_t length = 0;

    if (recording->fd < 0) {
        return;
    }
    for (size_t i = 0; i < size; i++) {
        if (length + 5 > sizeof(shown)) {
            mt_recording_add(recording, mark, shown, length);
            length = 0;
        }
        if (bytes[i] >= ' ' && bytes[i] < 0x7f) {
            shown[length++] = (char)bytes[i];
        } else {
            length += (size_t)snprintf(shown + length, 5, "\\x%02x", bytes[i]);
        }
    }
    if (length > 0) {
        mt_recording_add(recording, mark, shown, length);
    }
}
