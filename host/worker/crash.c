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

static const char crash_mark = 1;

/* The handler has no other way to know it. */
static int keeper_fd = -1;

/* Only what a signal handler may call. It returns to where the crash was, with the signal's default
 * action restored; one that was sent, and not met, is sent once more. */
static void wait_for_debugger(int number)
{
    int saved = errno;
    char byte = crash_mark;
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

/* A sanitizer's handlers tell more than ours could. */
static void take(int number)
{
    struct sigaction before;
    struct sigaction ours = {.sa_handler = wait_for_debugger, .sa_flags = SA_ONSTACK};

    /* Once: what comes next has the default action. */
    ours.sa_flags |= (int)SA_RESETHAND;
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_DFL) {
        sigaction(number, &ours, NULL);
    }
}

void mt_crash_tell(int fd)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGABRT, SIGTRAP};
    /* The stack itself may be what has run out. */
    static char stack[32 * 1024];
    const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof(stack)};

    keeper_fd = fd;
    sigaltstack(&alternative, NULL);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        take(numbers[i]);
    }
}

void mt_crash_hear(int fd, pid_t job, const char *folder, int limit_ms, int host_fd)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    MT_AUTO_FREE char *output = mt_text("%s/worker.backtrace", folder != NULL ? folder : "");
    char bytes[64];
    ssize_t got = read(fd, bytes, sizeof(bytes));

    /* A test that writes to whatever is open does not crash. */
    if (got == 1 && bytes[0] == crash_mark && folder != NULL &&
        mt_folder_make(folder, &ignored) == 0) {
        mt_backtrace_process(job, limit_ms, host_fd, output);
    }
}
