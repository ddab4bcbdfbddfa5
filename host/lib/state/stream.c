/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/stream.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

/* QEMU writes in pieces of 32 KiB. */
enum { LEAST_ROOM = 64 * 1024 };

/* Until the thread is joined, only the thread may use these members. */
struct mt_stream {
    int fd; /* our end */
    pthread_t thread;
    bool joined;
    const char *bytes; /* the bytes to write; NULL: this stream collects */
    size_t size;
    size_t most;
    char *collected;
    int fault; /* an errno; 0: none */
};

static void *stream_write(void *argument)
{
    struct mt_stream *stream = argument;
    size_t done = 0;

    while (done < stream->size) {
        ssize_t sent = send(stream->fd, stream->bytes + done, stream->size - done, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            stream->fault = errno;
            break;
        }
        done += sent > 0 ? (size_t)sent : 0;
    }
    shutdown(stream->fd, SHUT_WR);
    return NULL;
}

static void *stream_read(void *argument)
{
    struct mt_stream *stream = argument;
    size_t room = 0;

    for (;;) {
        if (stream->size == room) {
            room = room > 0 ? 2 * room : LEAST_ROOM;
            stream->collected = mt_realloc(stream->collected, room, 1);
        }
        ssize_t got = recv(stream->fd, stream->collected + stream->size, room - stream->size, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            stream->fault = got < 0 ? errno : 0;
            return NULL;
        }
        stream->size += (size_t)got;
        if (stream->size > stream->most) {
            stream->fault = EFBIG;
            /* QEMU must get an error, not wait for a reader that has gone. */
            shutdown(stream->fd, SHUT_RD);
            return NULL;
        }
    }
}

/* Starts the thread with all signals blocked: they are for the thread of the test. */
static int stream_start_thread(struct mt_stream *stream, struct mt_error *error)
{
    sigset_t all;
    sigset_t before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    errno = pthread_create(&stream->thread, NULL,
                           stream->bytes != NULL ? stream_write : stream_read, stream);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return errno == 0 ? 0 : mt_fail_errno(error, "cannot start a thread for a stream");
}

static int stream_start(const struct mt_stream *kind, struct mt_stream **ret_stream, int *ret_fd,
                        struct mt_error *error)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        return mt_fail_errno(error, "cannot make sockets for a stream");
    }
    struct mt_stream *stream = mt_alloc(1, sizeof(*stream));
    *stream = *kind;
    stream->fd = ends[0];
    if (stream_start_thread(stream, error) < 0) {
        close(ends[0]);
        close(ends[1]);
        free(stream);
        return -1;
    }
    *ret_stream = stream;
    *ret_fd = ends[1];
    return 0;
}

int mt_stream_feed(const void *bytes, size_t size, struct mt_stream **ret_stream, int *ret_fd,
                   struct mt_error *error)
{
    const struct mt_stream writer = {.bytes = bytes, .size = size};

    return stream_start(&writer, ret_stream, ret_fd, error);
}

int mt_stream_collect(size_t most, struct mt_stream **ret_stream, int *ret_fd,
                      struct mt_error *error)
{
    const struct mt_stream reader = {.most = most};

    return stream_start(&reader, ret_stream, ret_fd, error);
}

static void stream_join(struct mt_stream *stream)
{
    if (!stream->joined) {
        pthread_join(stream->thread, NULL);
        stream->joined = true;
    }
}

int mt_stream_take(struct mt_stream *stream, char **ret_bytes, size_t *ret_size,
                   struct mt_error *error)
{
    /* The thread still reads everything that QEMU has written, and then sees the end. */
    shutdown(stream->fd, SHUT_RD);
    stream_join(stream);
    if (stream->fault != 0) {
        errno = stream->fault;
        return mt_fail_errno(error, "cannot take in what QEMU writes");
    }
    *ret_bytes = mt_take_pointer(stream->collected);
    *ret_size = stream->size;
    return 0;
}

void mt_stream_end(struct mt_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    shutdown(stream->fd, SHUT_RDWR);
    stream_join(stream);
    close(stream->fd);
    free(stream->collected);
    free(stream);
}
