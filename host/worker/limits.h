/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a job and its QEMUs may take: memory and processes of all together by a control group; where
 * that cannot be made, by the kernel's limits of each process, which do not all hold for root.
 */
#ifndef MT_WORKER_LIMITS_H
#define MT_WORKER_LIMITS_H

#include <stdbool.h>

#include "base/error.h"
#include "protocol/job.h"

/* In the process of the job, before any of a plugin's code runs. `in_group`: a control group limits
 * memory and processes. */
int mt_limits_apply(const struct mt_limits *limits, bool in_group, struct mt_error *error);

/* What the job was seen to lack, as the end of a sentence; NULL: nothing. The caller frees it. */
char *mt_limits_met(const struct mt_limits *limits, const char *group);

#endif
