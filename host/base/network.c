/* SPDX-License-Identifier: Apache-2.0 */
#include "base/network.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

static int start_loopback(struct mt_error *error)
{
    MT_AUTO_FD int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};

    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback) < 0) {
        return mt_fail_errno(error, "its loopback device cannot be started");
    }
    return 0;
}

static int fail_isolation(struct mt_error *error)
{
    return mt_fail_errno(error, "the kernel lets this process have no network of its own");
}

/* Without a user namespace, in which root would lose its rights to the files of other users. */
static int isolate_root(struct mt_error *error)
{
    MT_AUTO_FD int before = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

    if (before < 0 || unshare(CLONE_NEWNET) < 0) {
        return fail_isolation(error);
    }
    if (start_loopback(error) < 0) {
        setns(before, CLONE_NEWNET);
        return -1;
    }
    return 0;
}

static bool write_file(const char *path, const char *text)
{
    MT_AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);

    return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static int isolate_user(struct mt_error *error)
{
    MT_AUTO_FREE char *users = mt_text("%u %u 1", (unsigned)geteuid(), (unsigned)geteuid());
    MT_AUTO_FREE char *groups = mt_text("%u %u 1", (unsigned)getegid(), (unsigned)getegid());

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) {
        return fail_isolation(error);
    }
    /* The kernel lets only a process that cannot drop groups map its group. */
    if (!write_file("/proc/self/setgroups", "deny") || !write_file("/proc/self/uid_map", users) ||
        !write_file("/proc/self/gid_map", groups)) {
        return fail_isolation(error);
    }
    return start_loopback(error);
}

static int isolate(struct mt_error *error)
{
    return geteuid() == 0 ? isolate_root(error) : isolate_user(error);
}

static _Noreturn void try_in_child(int report)
{
    struct mt_error error = {0};

    if (isolate(&error) == 0) {
        _exit(0);
    }
    const char *why = mt_error_text(&error);
    (void)!write(report, why, strlen(why));
    _exit(1);
}

int mt_network_try(struct mt_error *error)
{
    int ends[2];
    char why[512] = "";
    int status;

    if (pipe2(ends, O_CLOEXEC) < 0) {
        return mt_fail_errno(error, "cannot make a pipe");
    }
    MT_AUTO_FD int report = ends[0];
    pid_t child = fork();
    if (child == 0) {
        try_in_child(ends[1]);
    }
    close(ends[1]);
    if (child < 0) {
        return mt_fail_errno(error, "cannot start a process");
    }
    (void)!read(report, why, sizeof(why) - 1);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status == 0 ? 0 : mt_fail(error, "%s", why);
}

int mt_network_isolate(struct mt_error *error)
{
    /* No way leads out of a user namespace. So a child process tries first. */
    return geteuid() != 0 && mt_network_try(error) < 0 ? -1 : isolate(error);
}
