/* SPDX-License-Identifier: Apache-2.0 */
/* The job that makes a worker run a test. */
#ifndef MT_PLAN_TEST_JOB_H
#define MT_PLAN_TEST_JOB_H

#include "plan/plan.h"

/*
 * `patience` is what the limit of each wait is multiplied by. The job's time limit is the caller's
 * to set. What the job does not own is borrowed from the survey and the test; mt_test_job_clear
 * releases what it owns.
 */
void mt_test_job_make(const struct mt_survey *survey, const struct mt_planned *test,
                      double patience, struct mt_job *ret_job);
void mt_test_job_clear(struct mt_job *job);

#endif
