/* SPDX-License-Identifier: Apache-2.0 */
/* The backtraces of all threads of a process, as gdb prints them. */
#ifndef MT_PROCESS_BACKTRACE_H
#define MT_PROCESS_BACKTRACE_H

#include <sys/types.h>

#include <migtest/abi.h>

/*
 * Appends to the file `output` the backtraces of a process that stands still, or of a core that
 * `executable` has left. Where gdb is missing or fails, the file says why there is no backtrace.
 * gdb has `limit_ms`, and is stopped as soon as `until_fd` is readable (-1: never).
 */
MT_API void mt_backtrace_process(pid_t pid, int limit_ms, int until_fd, const char *output);
void mt_backtrace_core(const char *core, const char *executable, int limit_ms, const char *output);

/* Appends to the file that there is no backtrace, and why. */
void mt_backtrace_lacks(const char *output, const char *why);

#endif
