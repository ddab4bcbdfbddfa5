/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/crash.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "lib/process/backtrace.h"

/* The byte that reports a crash. */
static const char crash_byte = 1;

/* For the signal handler, which has no argument for it. */
static int keeper_fd = -1;

/*
 * Calls only what a signal handler may call. It returns to the place of the crash, which then
 * happens again with the default action of the signal. A signal that somebody has sent does not
 * happen again, so it is raised here.
 */
static void wait_for_debugger(int number)
{
    int saved = errno;
    char byte = crash_byte;
    ssize_t got;

#ifdef PR_SET_PTRACER
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
#endif
    if (write(keeper_fd, &byte, 1) == 1) {
        do {
            got = read(keeper_fd, &byte, 1);
        } while (got < 0 && errno == EINTR);
    }
    raise(number);
    errno = saved;
}

/* A handler of a sanitizer stays: it reports more than this one. */
static void install_handler(int number)
{
    struct sigaction present;
    struct sigaction ours = {.sa_handler = wait_for_debugger, .sa_flags = SA_ONSTACK};

    /* Only once: the next signal has its default action. */
    ours.sa_flags |= (int)SA_RESETHAND;
    if (sigaction(number, NULL, &present) == 0 && present.sa_handler == SIG_DFL) {
        sigaction(number, &ours, NULL);
    }
}

void mt_crash_report_to(int fd)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGABRT, SIGTRAP};
    /* The crash may be a stack overflow. */
    static char stack[32 * 1024];
    const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof(stack)};

    keeper_fd = fd;
    sigaltstack(&alternative, NULL);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        install_handler(numbers[i]);
    }
}

void mt_crash_investigate(int fd, pid_t job, const char *folder, int limit_ms, int host_fd)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    MT_AUTO_FREE char *output = mt_text("%s/worker.backtrace", folder != NULL ? folder : "");
    char bytes[64];
    ssize_t got = read(fd, bytes, sizeof(bytes));

    /* A test may write to any open descriptor: that is no crash. */
    if (got == 1 && bytes[0] == crash_byte && folder != NULL &&
        mt_folder_make(folder, &ignored) == 0) {
        mt_backtrace_process(job, limit_ms, host_fd, output);
    }
}
