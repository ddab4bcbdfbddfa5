/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limits of a job and its QEMUs. A control group limits the memory and the number of all
 * processes together. Where no group can be made, the kernel's limits of each process are used;
 * some of these do not hold for root.
 */
#ifndef MT_WORKER_LIMITS_H
#define MT_WORKER_LIMITS_H

#include <stdbool.h>

#include "base/error.h"
#include "protocol/job.h"

/* To be called in the process of the job, before any code of a plugin runs. `in_group`: a control
 * group already limits memory and processes. */
int mt_limits_apply(const struct mt_limits *limits, bool in_group, struct mt_error *error);

/* The limit that the job has reached, as a sentence without a period; NULL: none. The caller frees
 * it. */
char *mt_limits_exceeded(const struct mt_limits *limits, const char *group);

#endif
