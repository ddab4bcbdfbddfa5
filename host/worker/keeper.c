/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/descendants.h"
#include "base/files.h"
#include "base/text.h"
#include "worker/crash.h"
#include "worker/limits.h"

struct keeper {
    const struct mt_job *job;
    const struct mt_record_writer *writer;
    int job_fd;
    int signals;
    int crashes; /* the job reports a crash here; -1: it has done so */
    char *group; /* the control group; NULL: none could be made */
    pid_t child; /* does the job */
    int status;
    bool ended;
};

enum ending {
    ENDED, /* the job ended by itself */
    TIMED_OUT,
    STOPPED, /* the host, or somebody else, asked for an end */
    HOST_DIED,
};

static void write_why_no_group(const struct keeper *keeper, const struct mt_error *why)
{
    MT_AUTO_FREE char *value =
        mt_text("of each process, not of the test with its QEMUs, as %s", mt_error_text(why));

    mt_record_write(keeper->writer,
                    &(struct mt_record){.kind = MT_RECORD_NOTE, .note = {"limits", value}});
}

/* Whether this process, and so the job, is in the control group. */
static bool enter_group(const struct keeper *keeper)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (keeper->group == NULL) {
        return false;
    }
    if (!mt_cgroup_enter(keeper->group)) {
        mt_fail_errno(&error, "it cannot enter the control group %s", keeper->group);
        write_why_no_group(keeper, &error);
        return false;
    }
    return true;
}

static _Noreturn void run_job(const struct keeper *keeper, mt_work work, const sigset_t *mask,
                              pid_t parent, int crashes)
{
    struct mt_error error = {0};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    if (getppid() != parent) {
        _exit(1);
    }
    close(keeper->job_fd);
    close(keeper->signals);
    close(keeper->crashes);
    mt_crash_report_to(crashes);
    sigprocmask(SIG_SETMASK, mask, NULL);
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (mt_limits_apply(&keeper->job->limits, enter_group(keeper), &error) < 0 ||
        work(keeper->job, keeper->writer, &error) < 0) {
        mt_record_write_message(keeper->writer, MT_RECORD_ERROR, mt_error_text(&error));
        mt_error_clear(&error);
        exit(1);
    }
    fflush(NULL);
    mt_record_write_bare(keeper->writer, MT_RECORD_DONE);
    exit(0);
}

static void keeper_reap(struct keeper *keeper)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == keeper->child) {
            keeper->status = status;
            keeper->ended = true;
        }
    }
}

static bool read_signal(struct keeper *keeper, enum ending *ret_ending)
{
    struct signalfd_siginfo info;

    if (read(keeper->signals, &info, sizeof(info)) != sizeof(info)) {
        return false;
    }
    if (info.ssi_signo == SIGCHLD) {
        keeper_reap(keeper);
        *ret_ending = ENDED;
        return keeper->ended;
    }
    *ret_ending = STOPPED;
    return true;
}

/* The host waits a little longer than the job's time limit, so the debugger may take longer, too.
 */
static void investigate_crash(struct keeper *keeper, int64_t left)
{
    const int64_t most_ms = 20000;
    const int64_t grace_ms = 2500;
    const struct mt_job *job = keeper->job;
    const char *recordings = job->kind == MT_JOB_RUN ? job->run.recordings : NULL;
    int64_t limit = left + grace_ms < most_ms ? left + grace_ms : most_ms;

    mt_crash_investigate(keeper->crashes, keeper->child, recordings, (int)limit, keeper->job_fd);
    close(mt_take_fd(&keeper->crashes));
}

/* The host writes nothing after the job; its channel is readable when the host is gone. */
static enum ending watch_job(struct keeper *keeper)
{
    int64_t deadline = mt_now_ms() + keeper->job->timeout_ms;
    enum ending ending = ENDED;

    for (;;) {
        struct pollfd fds[] = {
            {.fd = keeper->signals, .events = POLLIN},
            {.fd = keeper->job_fd, .events = POLLIN},
            {.fd = keeper->crashes, .events = POLLIN},
        };
        int64_t left = deadline - mt_now_ms();
        if (left <= 0) {
            return TIMED_OUT;
        }
        if (poll(fds, 3, left > INT32_MAX ? INT32_MAX : (int)left) < 0 && errno != EINTR) {
            return STOPPED;
        }
        if (fds[0].revents != 0 && read_signal(keeper, &ending)) {
            return ending;
        }
        if (fds[1].revents != 0) {
            return HOST_DIED;
        }
        if (fds[2].revents != 0) {
            investigate_crash(keeper, left);
        }
    }
}

static void write_timeout(const struct keeper *keeper)
{
    MT_AUTO_FREE char *exceeded = mt_limits_exceeded(&keeper->job->limits, keeper->group);

    mt_record_write(keeper->writer, &(struct mt_record){
                                        .kind = MT_RECORD_TIMEOUT,
                                        .timeout = {keeper->job->timeout_ms, exceeded},
                                    });
}

static void write_exit(const struct keeper *keeper, unsigned leftovers)
{
    MT_AUTO_FREE char *exceeded = mt_limits_exceeded(&keeper->job->limits, keeper->group);
    MT_AUTO_FREE char *signal = WIFSIGNALED(keeper->status)
                                    ? mt_text("SIG%s", sigabbrev_np(WTERMSIG(keeper->status)))
                                    : NULL;

    mt_record_write(keeper->writer,
                    &(struct mt_record){
                        .kind = MT_RECORD_EXIT,
                        .exit =
                            {
                                .status = signal == NULL ? WEXITSTATUS(keeper->status) : 0,
                                .signal = signal,
                                .leftovers = leftovers,
                                .exceeded_limit = exceeded,
                            },
                    });
}

static void write_ending(const struct keeper *keeper, enum ending ending, unsigned leftovers)
{
    switch (ending) {
    case ENDED:
        write_exit(keeper, leftovers);
        break;
    case TIMED_OUT:
        write_timeout(keeper);
        break;
    case STOPPED:
        mt_record_write_bare(keeper->writer, MT_RECORD_STOPPED);
        break;
    case HOST_DIED:
        break;
    }
}

/* A process survives SIGKILL while the kernel holds it: it waits for a disk, say. */
static void write_survivors(const struct keeper *keeper, const struct mt_strings *survivors)
{
    for (size_t i = 0; i < survivors->count; i++) {
        mt_record_write_message(keeper->writer, MT_RECORD_SURVIVOR, survivors->items[i]);
    }
}

static int open_signals(sigset_t *ret_before)
{
    sigset_t handled;

    sigemptyset(&handled);
    sigaddset(&handled, SIGCHLD);
    sigaddset(&handled, SIGTERM);
    sigaddset(&handled, SIGINT);
    sigaddset(&handled, SIGHUP);
    sigprocmask(SIG_BLOCK, &handled, ret_before);
    return signalfd(-1, &handled, SFD_CLOEXEC);
}

int mt_duplicate_high(int fd)
{
    const rlim_t high = 900;
    const rlim_t room = 32;
    struct rlimit limit;
    rlim_t lowest = high;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < high + room) {
        lowest = limit.rlim_cur > room ? limit.rlim_cur - room : 0;
    }
    return fcntl(fd, F_DUPFD_CLOEXEC, (int)lowest);
}

static int start_job(struct keeper *keeper, mt_work work)
{
    sigset_t before;
    pid_t parent = getpid();
    int crashes[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, crashes) < 0) {
        return -1;
    }
    int crashes_of_job = mt_duplicate_high(crashes[0]);
    close(crashes[0]);
    keeper->crashes = crashes[1];
    keeper->signals = open_signals(&before);
    if (keeper->signals < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) {
        return -1;
    }
    keeper->child = fork();
    if (keeper->child == 0) {
        run_job(keeper, work, &before, parent, crashes_of_job);
    }
    close(crashes_of_job);
    return keeper->child < 0 ? -1 : 0;
}

/* The group has the name of the scratch folder, so that the host knows the name, too. */
static void make_group(struct keeper *keeper)
{
    const struct mt_limits *limits = &keeper->job->limits;
    const char *slash = strrchr(keeper->job->scratch, '/');
    MT_AUTO_ERROR struct mt_error error = {0};

    if (limits->memory <= 0 || limits->processes <= 0) {
        return;
    }
    keeper->group = mt_cgroup_make(slash != NULL ? slash + 1 : keeper->job->scratch, limits->memory,
                                   limits->processes, &error);
    if (keeper->group == NULL) {
        write_why_no_group(keeper, &error);
    }
}

int mt_keep(const struct mt_job *job, const struct mt_record_writer *writer, int job_fd,
            mt_work work)
{
    struct keeper keeper = {.job = job, .writer = writer, .job_fd = job_fd};
    MT_AUTO_ERROR struct mt_error error = {0};

    /* The job may end just when the host has died: a record that cannot be written must not prevent
     * the clean-up. */
    signal(SIGPIPE, SIG_IGN);
    if (mkdir(job->scratch, 0700) < 0) {
        mt_fail_errno(&error, "cannot make the scratch folder %s", job->scratch);
        mt_record_write_message(writer, MT_RECORD_ERROR, mt_error_text(&error));
        return 1;
    }
    enum ending ending = STOPPED;
    unsigned leftovers = 0;
    make_group(&keeper);
    if (start_job(&keeper, work) < 0) {
        mt_fail_errno(&error, "cannot start a process for the job");
        mt_record_write_message(writer, MT_RECORD_ERROR, mt_error_text(&error));
    } else {
        ending = watch_job(&keeper);
        __attribute__((cleanup(mt_strings_clear))) struct mt_strings survivors = {0};
        leftovers = mt_kill_children(NULL, 0, &survivors);
        write_survivors(&keeper, &survivors);
        write_ending(&keeper, ending, leftovers);
    }
    mt_cgroup_remove(keeper.group);
    free(keeper.group);
    mt_folder_remove(job->scratch, &error);
    return ending == ENDED ? 0 : 1;
}
