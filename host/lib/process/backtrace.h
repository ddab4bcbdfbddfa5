/* SPDX-License-Identifier: Apache-2.0 */
/* Where a process was when it crashed, as gdb tells it. */
#ifndef MT_PROCESS_BACKTRACE_H
#define MT_PROCESS_BACKTRACE_H

#include <stdbool.h>
#include <sys/types.h>

#include <migtest/abi.h>

bool mt_backtrace_is_possible(void);

/*
 * All threads of a process that stands still, or of a core that `executable` left, into the file
 * `output`; where there is none to be had, the file says why. It ends early when `until_fd` becomes
 * readable (-1: it does not).
 */
MT_API void mt_backtrace_process(pid_t pid, int limit_ms, int until_fd, const char *output);
void mt_backtrace_core(const char *core, const char *executable, int limit_ms, const char *output);

/* Writes that there is none. */
void mt_backtrace_lacks(const char *output, const char *why);

#endif
