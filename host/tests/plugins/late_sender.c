/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For QEMU to load (LD_PRELOAD): each of its threads gets no processor for a moment when it is
 * about to send guest memory for the first time, as it may be on a busy host. The file that
 * LATE_SENDER_NOTES names gets a line each time.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <migtest/abi.h>

enum {
    SOME_PAGES = 10 * 4096, /* nothing else that a migration's QEMU sends is as long */
    MOMENT_NS = 30 * 1000000,
};

static size_t length(const struct msghdr *message)
{
    size_t bytes = 0;

    for (size_t i = 0; i < message->msg_iovlen; i++) {
        bytes += message->msg_iov[i].iov_len;
    }
    return bytes;
}

static void be_late(void)
{
    const char *path = getenv("LATE_SENDER_NOTES");
    int notes = path != NULL ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

    nanosleep(&(struct timespec){.tv_nsec = MOMENT_NS}, NULL);
    if (notes >= 0) {
        dprintf(notes, "late\n");
        close(notes);
    }
}

MT_EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    static _Thread_local bool has_sent;

    if (!has_sent && length(message) >= SOME_PAGES) {
        has_sent = true;
        be_late();
    }
    return syscall(SYS_sendmsg, fd, message, flags);
}
