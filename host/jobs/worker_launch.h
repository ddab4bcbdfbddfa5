/* SPDX-License-Identifier: Apache-2.0 */
/* The start of a worker's process, and the two channels to the process. */
#ifndef MT_JOBS_WORKER_LAUNCH_H
#define MT_JOBS_WORKER_LAUNCH_H

#include "base/error.h"
#include "jobs/child.h"

struct mt_worker_launch {
    const char *program;
    const char *argument; /* for people who read ps; NULL: none */
    int log;              /* the descriptor for stdout and stderr */
};

/* The host's ends of the channels. */
struct mt_worker_channels {
    int job;
    int records;
};

int mt_worker_launch(const struct mt_worker_launch *launch, uv_loop_t *loop,
                     struct mt_child *process, struct mt_worker_channels *ret_channels,
                     struct mt_error *error);

#endif
