/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a run fails by itself, from its results and the demands of the manifest. */
#ifndef MT_CLI_JUDGE_H
#define MT_CLI_JUDGE_H

#include "manifest/manifest.h"
#include "plan/plan.h"
#include "report/results.h"

/*
 * Returns why the run fails although no test failed, or NULL. The caller frees the text.
 * `can_run_yet`: some test of the selection can run but did not, because it is in another shard or
 * because the run was ended.
 */
char *mt_judge(const struct mt_results *results, const struct mt_manifest *manifest,
               const struct mt_plan_list *plan, bool can_run_yet, int *ret_status);

#endif
