/* SPDX-License-Identifier: Apache-2.0 */
/* The work that a job asks for. Each kind of job has one function. */
#ifndef MT_WORKER_WORK_H
#define MT_WORKER_WORK_H

#include "base/error.h"
#include "protocol/job.h"
#include "worker/record_writer.h"

typedef int (*mt_work)(const struct mt_job *job, const struct mt_record_writer *writer,
                       struct mt_error *error);

int mt_work_describe(const struct mt_job *job, const struct mt_record_writer *writer,
                     struct mt_error *error);
int mt_work_probe(const struct mt_job *job, const struct mt_record_writer *writer,
                  struct mt_error *error);
int mt_work_try(const struct mt_job *job, const struct mt_record_writer *writer,
                struct mt_error *error);
int mt_work_run(const struct mt_job *job, const struct mt_record_writer *writer,
                struct mt_error *error);

#endif
