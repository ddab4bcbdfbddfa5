/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A job that crashes waits until its keeper has run a debugger on it. Then it dies of the same
 * signal. So a backtrace needs no core file, wherever the kernel of this host puts them.
 */
#ifndef MT_WORKER_CRASH_H
#define MT_WORKER_CRASH_H

#include <sys/types.h>

/* In the job: from now on, a crash is reported over the descriptor; then the job waits until the
 * other end is closed. */
void mt_crash_report_to(int fd);

/*
 * In the keeper, when the descriptor is readable: writes a backtrace of the job into the folder,
 * which may be NULL. Gives up when `host_fd` becomes readable, as the host has died. The caller
 * then closes the descriptor, which lets the job die.
 */
void mt_crash_investigate(int fd, pid_t job, const char *folder, int limit_ms, int host_fd);

#endif
