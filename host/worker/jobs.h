/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of work that a worker does, each in a process of its own. */
#ifndef MT_WORKER_JOBS_H
#define MT_WORKER_JOBS_H

#include "base/error.h"
#include "worker/plan.h"
#include "worker/records.h"

int mt_job_describe(const struct mt_plan *plan, const struct mt_records *records,
                    struct mt_error *error);
int mt_job_probe(const struct mt_plan *plan, const struct mt_records *records,
                 struct mt_error *error);
int mt_job_try(const struct mt_plan *plan, const struct mt_records *records,
               struct mt_error *error);
int mt_job_run(const struct mt_plan *plan, const struct mt_records *records,
               struct mt_error *error);

#endif
