/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

/*
 * The functions from here to run_child() run between fork and exec. So they do only what a signal
 * handler may do, too.
 */

static int place_fd(int from, int to)
{
    if (from < 0) {
        return 0;
    }
    return dup2(from, to) == to ? 0 : -1;
}

static void reset_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

/* At most 4 GiB, as the core of a huge guest would fill the disk. */
static void allow_core(void)
{
    const rlim_t most = (rlim_t)4 << 30;
    struct rlimit limit;

    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < most ? limit.rlim_max : most;
        setrlimit(RLIMIT_CORE, &limit);
    }
}

static int prepare_child(const struct mt_process_start *start, bool leaves_core, int output,
                         pid_t parent)
{
    reset_signals();
    if (leaves_core) {
        allow_core();
    }
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent) {
        return -1;
    }
    int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0) {
        return -1;
    }
    if (place_fd(start->fd3, 3) < 0 || place_fd(start->fd4, 4) < 0) {
        return -1;
    }
    return 0;
}

static _Noreturn void run_child(const struct mt_process_start *start, bool leaves_core, int output,
                                int report, pid_t parent)
{
    if (prepare_child(start, leaves_core, output, parent) == 0) {
        /* A plugin may have opened descriptors. They must not leak into QEMU. */
        unsigned first = start->fd4 >= 0 ? 5 : start->fd3 >= 0 ? 4 : 3;
        close_range(first, ~0U, CLOSE_RANGE_CLOEXEC);
        execvpe(start->command[0], start->command, start->environment);
    }
    int fault = errno;
    (void)!write(report, &fault, sizeof(fault));
    _exit(127);
}

static bool is_in_environment(char *const *environment, const char *entry)
{
    size_t size = strcspn(entry, "=") + 1;

    for (; environment != NULL && *environment != NULL; environment++) {
        if (strncmp(*environment, entry, size) == 0) {
            return true;
        }
    }
    return false;
}

/* Our environment. A variable that is added takes the place of ours. */
static void compose_environment(char *const *added, struct mt_strings *ret_environment)
{
    for (char *const *entry = environ; entry != NULL && *entry != NULL; entry++) {
        if (!is_in_environment(added, *entry)) {
            mt_strings_add(ret_environment, "%s", *entry);
        }
    }
    for (char *const *entry = added; entry != NULL && *entry != NULL; entry++) {
        mt_strings_add(ret_environment, "%s", *entry);
    }
}

/*
 * The descriptors that a child inherits are moved to numbers of 20 and above first. Otherwise
 * placing one under its fixed number could overwrite another.
 */
static int move_up(int *fd)
{
    const int above = 20;

    if (*fd >= 0 && *fd < above) {
        int moved = fcntl(*fd, F_DUPFD_CLOEXEC, above);
        if (moved < 0) {
            return -1;
        }
        close(*fd);
        *fd = moved;
    }
    return 0;
}

/* A successful exec closes the pipe. A failed exec sends its errno through the pipe. */
static int await_exec(int report, const char *program, struct mt_error *error)
{
    int fault = 0;
    ssize_t got;

    do {
        got = read(report, &fault, sizeof(fault));
    } while (got < 0 && errno == EINTR);
    if (got == sizeof(fault)) {
        errno = fault;
        return mt_fail_errno(error, "cannot run %s", program);
    }
    return 0;
}

static int duplicate_up(int fd, int *ret_fd)
{
    const int above = 20;

    *ret_fd = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, above) : -1;
    return fd >= 0 && *ret_fd < 0 ? -1 : 0;
}

/* Forks, and returns when exec has succeeded or failed. */
static int fork_and_exec(struct mt_process *process, const struct mt_process_start *start,
                         int output, struct mt_error *error)
{
    const char *program = start->command[0];
    bool leaves_core = start->backtrace != NULL && process->core.why_not == NULL;
    pid_t parent = getpid();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0) {
        return mt_fail_errno(error, "cannot prepare descriptors for %s", program);
    }
    MT_AUTO_FD int report_read = ends[0];
    MT_AUTO_FD int report_write = ends[1];
    if (move_up(&report_write) < 0) {
        return mt_fail_errno(error, "cannot prepare descriptors for %s", program);
    }
    pid_t pid = fork();
    if (pid < 0) {
        return mt_fail_errno(error, "cannot start a process for %s", program);
    }
    if (pid == 0) {
        run_child(start, leaves_core, output, report_write, parent);
    }
    close(mt_take_fd(&report_write));
    process->pid = process->starvation.pid = pid;
    process->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    return process->pidfd < 0 ? mt_fail_errno(error, "cannot watch the process of %s", program)
                              : await_exec(report_read, program, error);
}

/* With descriptors and an environment that the child can take as they are. */
static int start_prepared(struct mt_process *process, const struct mt_process_start *start,
                          struct mt_error *error)
{
    const char *program = start->command[0];
    MT_AUTO_FD int output =
        open(start->output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    MT_AUTO_FD int fd3 = -1;
    MT_AUTO_FD int fd4 = -1;

    if (output < 0) {
        return mt_fail_errno(error, "cannot open %s for the output of %s", start->output, program);
    }
    if (duplicate_up(start->fd3, &fd3) < 0 || duplicate_up(start->fd4, &fd4) < 0 ||
        move_up(&output) < 0) {
        return mt_fail_errno(error, "cannot prepare descriptors for %s", program);
    }
    __attribute__((cleanup(mt_strings_clear))) struct mt_strings environment = {0};
    compose_environment(start->environment, &environment);
    struct mt_process_start child = *start;
    child.environment = environment.items;
    child.fd3 = fd3;
    child.fd4 = fd4;
    return fork_and_exec(process, &child, output, error);
}

int mt_process_start(struct mt_process *process, const struct mt_process_start *start,
                     struct mt_error *error)
{
    *process = MT_PROCESS_NONE;
    process->name = process->starvation.name = start->name;
    process->output = mt_text_copy(start->output);
    process->backtrace = mt_text_copy(start->backtrace);
    for (char *const *word = start->command; *word != NULL; word++) {
        mt_strings_add(&process->command, "%s", *word);
    }
    if (start->backtrace != NULL) {
        mt_core_expect(&process->core);
    }
    if (start_prepared(process, start, error) < 0) {
        mt_process_clear(process);
        return -1;
    }
    return 0;
}

static bool process_reap(struct mt_process *process, int flags)
{
    pid_t got;

    do {
        got = waitpid(process->pid, &process->status, flags);
    } while (got < 0 && errno == EINTR);
    if (got == 0) {
        return false;
    }
    if (got < 0) {
        process->unknown = true;
    }
    process->ended = true;
    return true;
}

bool mt_process_check(struct mt_process *process)
{
    if (process->pid < 0) {
        return true;
    }
    return process->ended || process_reap(process, WNOHANG);
}

bool mt_process_ends_within(struct mt_process *process, int ms)
{
    struct pollfd end = {.fd = process->pidfd, .events = POLLIN};

    while (!mt_process_check(process)) {
        int got = poll(&end, 1, ms);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
    }
    return mt_process_check(process);
}

void mt_process_end(struct mt_process *process)
{
    if (process->pid > 0 && !mt_process_check(process)) {
        kill(process->pid, SIGKILL);
        process_reap(process, 0);
    }
    if (process->pidfd >= 0) {
        close(mt_take_fd(&process->pidfd));
    }
}

void mt_process_clear(struct mt_process *process)
{
    mt_process_end(process);
    mt_strings_clear(&process->command);
    free(process->output);
    free(process->backtrace);
    mt_core_clear(&process->core);
    mt_image_clear(&process->image);
    mt_starvation_clear(&process->starvation);
    *process = MT_PROCESS_NONE;
}
