/* SPDX-License-Identifier: Apache-2.0 */
/* The job as it comes from the host. */
#ifndef MT_WORKER_JOB_H
#define MT_WORKER_JOB_H

#include "base/error.h"
#include "protocol/job.h"

/*
 * Reads the job from the descriptor and adds the folder of the guest program to its machine. The
 * descriptor stays open: its end of file means that the host has died. mt_job_clear releases the
 * job.
 */
int mt_job_read(int fd, struct mt_job *ret_job, struct mt_error *error);

#endif
