/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test borrows QEMU's sockets by pidfd_getfd (Linux 5.6). QEMU's parent needs no privilege for
 * that, unless Yama forbids debuggers to look at their own children.
 */
#include "plugins/multifd/sockets.h"

#include <dirent.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_connected_tcp(int fd, struct tcp_info *ret_info)
{
    socklen_t size = sizeof(*ret_info);
    struct sockaddr_storage peer;
    socklen_t peer_size = sizeof(peer);

    memset(ret_info, 0, sizeof(*ret_info));
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, ret_info, &size) == 0 &&
           getpeername(fd, (struct sockaddr *)&peer, &peer_size) == 0;
}

/* Returns 1 and the bytes of a TCP connection, 0 for anything else, or -1 where it could not look.
 */
static int look_at(int pidfd, int number, uint64_t *ret_bytes)
{
    struct tcp_info info;
    int fd = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);

    if (fd < 0) {
        return errno == EBADF ? 0 : -1;
    }
    bool found = is_connected_tcp(fd, &info);
    close(fd);
    *ret_bytes = info.tcpi_bytes_acked;
    return found;
}

static bool is_socket(DIR *folder, const char *name)
{
    struct stat status;

    return fstatat(dirfd(folder), name, &status, 0) == 0 && S_ISSOCK(status.st_mode);
}

static int look_at_all(DIR *folder, int pidfd, uint64_t *ret_bytes, size_t room)
{
    const struct dirent *entry;
    size_t count = 0;

    while ((entry = readdir(folder)) != NULL) {
        uint64_t bytes;
        int found =
            is_socket(folder, entry->d_name) ? look_at(pidfd, atoi(entry->d_name), &bytes) : 0;
        if (found < 0) {
            return -1;
        }
        if (found > 0 && count < room) {
            ret_bytes[count] = bytes;
        }
        count += (size_t)found;
    }
    return (int)count;
}

int tcp_bytes_sent(pid_t pid, uint64_t *ret_bytes, size_t room)
{
    char path[64];
    int result = -1;
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    if (folder != NULL && pidfd >= 0) {
        result = look_at_all(folder, pidfd, ret_bytes, room);
    }
    int fault = errno;
    if (folder != NULL) {
        closedir(folder);
    }
    if (pidfd >= 0) {
        close(pidfd);
    }
    errno = fault;
    return result;
}
