/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker is told to run a test. */
#ifndef MT_PLAN_JOB_PLAN_H
#define MT_PLAN_JOB_PLAN_H

#include "plan/plan.h"

/* `patience` is what its waits' limits are multiplied by. The caller's. */
json_t *mt_job_plan(const struct mt_survey *survey, const struct mt_planned *test, int64_t attempt,
                    double patience);

#endif
