/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/process/backtrace.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/files.h"
#include "lib/process/process.h"

void mt_backtrace_lacks(const char *output, const char *why)
{
    MT_AUTO_FD int fd = open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (fd >= 0) {
        dprintf(fd, "there is no backtrace: %s\n", why);
    }
}

/* False: the time is over, or `until_fd` is readable. */
static bool gdb_ends_in_time(struct mt_process *gdb, int limit_ms, int until_fd)
{
    int64_t deadline = mt_now_ms() + limit_ms;
    struct pollfd fds[] = {{.fd = gdb->pidfd, .events = POLLIN},
                           {.fd = until_fd, .events = POLLIN}};

    while (!mt_process_check(gdb) && mt_now_ms() < deadline && fds[1].revents == 0) {
        poll(fds, 2, (int)(deadline - mt_now_ms()));
    }
    return mt_process_check(gdb);
}

static void run_gdb(const struct mt_strings *command, int limit_ms, int until_fd,
                    const char *output)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_process gdb;
    struct mt_process_start start = {
        .name = "debugger", .command = command->items, .fd3 = -1, .fd4 = -1, .output = output};
    MT_AUTO_FREE char *debugger = mt_program_find(MT_DEBUGGER);

    if (debugger == NULL) {
        mt_backtrace_lacks(output, MT_DEBUGGER " is not installed");
        return;
    }
    if (mt_process_start(&gdb, &start, &error) < 0) {
        mt_backtrace_lacks(output, mt_error_text(&error));
        return;
    }
    if (!gdb_ends_in_time(&gdb, limit_ms, until_fd)) {
        MT_AUTO_FREE char *why =
            mt_text("gdb did not end within %d ms, or was not wanted any more", limit_ms);
        mt_backtrace_lacks(output, why);
    }
    mt_process_clear(&gdb);
}

/* gdb without the user's settings, without questions, and without the network. */
static void add_gdb(struct mt_strings *command)
{
    static const char *const words[] = {MT_DEBUGGER,
                                        "-nx",
                                        "-batch",
                                        "-iex",
                                        "set debuginfod enabled off",
                                        "-iex",
                                        "set auto-load off",
                                        "-ex",
                                        "thread apply all backtrace"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        mt_strings_add(command, "%s", words[i]);
    }
}

void mt_backtrace_process(pid_t pid, int limit_ms, int until_fd, const char *output)
{
    struct mt_strings command = {0};

    add_gdb(&command);
    mt_strings_add(&command, "-p");
    mt_strings_add(&command, "%d", (int)pid);
    run_gdb(&command, limit_ms, until_fd, output);
    mt_strings_clear(&command);
}

void mt_backtrace_core(const char *core, const char *executable, int limit_ms, const char *output)
{
    struct mt_strings command = {0};

    add_gdb(&command);
    mt_strings_add(&command, "%s", executable);
    mt_strings_add(&command, "%s", core);
    run_gdb(&command, limit_ms, -1, output);
    mt_strings_clear(&command);
}
