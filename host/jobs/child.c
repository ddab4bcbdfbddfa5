/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Above the numbers of the child, so that dup2 overwrites no descriptor that is still needed. */
static int duplicate_above(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, MT_CHILD_FDS);
}

static int child_spawn(pid_t *ret_pid, char *const *arguments, char *const *environment,
                       const int fds[MT_CHILD_FDS])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all;
    sigset_t none;

    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    for (int i = 0; i < MT_CHILD_FDS; i++) {
        posix_spawn_file_actions_adddup2(&actions, fds[i], i);
    }
    int result = posix_spawn(ret_pid, arguments[0], &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

static void child_ended(uv_poll_t *poll, int status, int events)
{
    struct mt_child *child = (struct mt_child *)((char *)poll - offsetof(struct mt_child, end));
    int exit_status;

    (void)status;
    (void)events;
    pid_t waited = waitpid(child->pid, &exit_status, WNOHANG);
    if (waited == 0) {
        return;
    }
    uv_poll_stop(poll);
    child->ended(child, waited == child->pid ? exit_status : 0);
}

static int child_start(struct mt_child *child, char *const *arguments, char *const *environment,
                       const int fds[MT_CHILD_FDS], struct mt_error *error)
{
    int moved[MT_CHILD_FDS];
    int result = 0;

    for (int i = 0; i < MT_CHILD_FDS; i++) {
        moved[i] = duplicate_above(fds[i]);
        result = moved[i] < 0 ? errno : result;
    }
    if (result == 0) {
        result = child_spawn(&child->pid, arguments, environment, moved);
    }
    for (int i = 0; i < MT_CHILD_FDS; i++) {
        mt_cleanup_fd(&moved[i]);
    }
    errno = result;
    return result == 0 ? 0 : mt_fail_errno(error, "cannot start %s", arguments[0]);
}

int mt_child_start(struct mt_child *child, uv_loop_t *loop, char *const *arguments,
                   char *const *environment, const int fds[MT_CHILD_FDS], struct mt_error *error)
{
    if (child_start(child, arguments, environment, fds, error) < 0) {
        return -1;
    }
    child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
    if (child->pidfd < 0) {
        mt_fail_errno(error, "cannot watch %s", arguments[0]);
        kill(child->pid, SIGKILL);
        waitpid(child->pid, NULL, 0);
        return -1;
    }
    uv_poll_init(loop, &child->end, child->pidfd);
    uv_poll_start(&child->end, UV_READABLE, child_ended);
    return 0;
}

void mt_child_close(struct mt_child *child, uv_close_cb closed)
{
    if (!uv_is_closing((uv_handle_t *)&child->end)) {
        uv_close((uv_handle_t *)&child->end, closed);
        close(child->pidfd);
    }
}
