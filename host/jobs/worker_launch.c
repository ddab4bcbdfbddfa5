/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/worker_launch.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/channel.h"

/* Without the user's variables for cmocka, which cmocka would obey in every worker. */
static void make_environment(struct mt_strings *environment)
{
    for (char **entry = environ; *entry != NULL; entry++) {
        if (strncmp(*entry, "CMOCKA_", strlen("CMOCKA_")) != 0) {
            mt_strings_add(environment, "%s", *entry);
        }
    }
}

static int launch_process(const struct mt_worker_launch *launch, uv_loop_t *loop,
                          struct mt_child *process, int job, int records, struct mt_error *error)
{
    MT_AUTO_FD int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    struct mt_strings environment = {0};
    char *arguments[] = {(char *)(uintptr_t)launch->program, (char *)(uintptr_t)launch->argument,
                         NULL};
    const int fds[MT_CHILD_FDS] = {
        [STDIN_FILENO] = nothing, [STDOUT_FILENO] = launch->log, [STDERR_FILENO] = launch->log,
        [MT_JOB_FD] = job,        [MT_RECORD_FD] = records,
    };

    if (nothing < 0) {
        return mt_fail_errno(error, "cannot open /dev/null");
    }
    make_environment(&environment);
    int result = mt_child_start(process, loop, arguments, environment.items, fds, error);
    mt_strings_clear(&environment);
    return result;
}

int mt_worker_launch(const struct mt_worker_launch *launch, uv_loop_t *loop,
                     struct mt_child *process, struct mt_worker_channels *ret_channels,
                     struct mt_error *error)
{
    int job[2] = {-1, -1};
    int records[2] = {-1, -1};
    int result = -1;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, job) < 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, records) < 0) {
        mt_fail_errno(error, "cannot make the channels to a worker");
    } else {
        result = launch_process(launch, loop, process, job[1], records[1], error);
    }
    if (result == 0) {
        ret_channels->job = mt_take_fd(&job[0]);
        ret_channels->records = mt_take_fd(&records[0]);
    }
    for (int i = 0; i < 2; i++) {
        mt_cleanup_fd(&job[i]);
        mt_cleanup_fd(&records[i]);
    }
    return result;
}
