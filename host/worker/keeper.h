/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that watches over a job. It runs no code of a plugin, so it survives whatever the job
 * does. When the job ends, crashes or runs out of time, when the host dies or asks for an end, the
 * keeper kills all processes that the job has started and removes the scratch folder.
 */
#ifndef MT_WORKER_KEEPER_H
#define MT_WORKER_KEEPER_H

#include "protocol/job.h"
#include "worker/record_writer.h"
#include "worker/work.h"

/* A duplicate with a number that is higher than those that a test opens and QEMU inherits, as far
 * as the limit on open files permits. -1 and errno on failure. */
int mt_duplicate_high(int fd);

/* Runs the job to its end, whatever the end is. Returns the exit status for this process. */
int mt_keep(const struct mt_job *job, const struct mt_record_writer *writer, int job_fd,
            mt_work work);

#endif
