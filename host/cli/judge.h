/* SPDX-License-Identifier: Apache-2.0 */
/* The exit status of a run, from its results and what the manifest asks of them. */
#ifndef MT_CLI_JUDGE_H
#define MT_CLI_JUDGE_H

#include "manifest/manifest.h"
#include "plan/plan.h"
#include "report/results.h"

/*
 * Returns what makes a run fail although no test did, or NULL; the caller frees it. `can_run_yet`:
 * something of the selection can run that did not, in another shard or because the run was ended.
 */
char *mt_judge(const struct mt_results *results, const struct mt_manifest *manifest,
               const struct mt_plan_list *plan, bool can_run_yet, int *ret_status);

#endif
