/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that keeps a job: it runs no plugin's code, so it is there when the job is done, has
 * crashed or hangs, when the host has died, or when the host wants an end; then it kills all that
 * the job has started, wherever it hides, and takes the scratch folder away.
 */
#ifndef MT_WORKER_KEEPER_H
#define MT_WORKER_KEEPER_H

#include "protocol/job.h"
#include "worker/record_writer.h"
#include "worker/work.h"

/* A duplicate out of the way of what a test opens, and of the numbers that QEMU inherits, as far
 * as the limit on open files lets it be; -1 and errno. */
int mt_duplicate_high(int fd);

/* Runs the job to its end, whatever that is; returns the exit status for this process. */
int mt_keep(const struct mt_job *job, const struct mt_record_writer *writer, int job_fd,
            mt_work work);

#endif
