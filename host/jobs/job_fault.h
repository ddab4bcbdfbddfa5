/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong with the process of a job, whatever the job was. */
#ifndef MT_JOBS_JOB_FAULT_H
#define MT_JOBS_JOB_FAULT_H

#include "jobs/job_facts.h"

/*
 * A sentence, which the caller frees; NULL: nothing went wrong. `foreign` is the number of lines
 * that came over the channel and were no record of the worker. `ret_reason` is a word for machines;
 * it may be NULL.
 */
char *mt_job_fault(const struct mt_job_facts *facts, unsigned foreign, const char **ret_reason);

#endif
