/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A job that crashes waits until its keeper has let a debugger look at it, and then dies of the
 * same signal: no core is needed for that, wherever this host's kernel sends them.
 */
#ifndef MT_WORKER_CRASH_H
#define MT_WORKER_CRASH_H

#include <sys/types.h>

/* In the job: a crash is told over that descriptor, and its closing waited for. */
void mt_crash_tell(int fd);

/* In the keeper, when the descriptor is readable: looks, unless the host dies, which makes
 * `host_fd` readable. Closing it lets the job die. */
void mt_crash_hear(int fd, pid_t job, const char *folder, int limit_ms, int host_fd);

#endif
