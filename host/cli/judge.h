/* SPDX-License-Identifier: Apache-2.0 */
/* The exit status of a run, from its results and what the manifest asks of them. */
#ifndef MT_CLI_JUDGE_H
#define MT_CLI_JUDGE_H

#include "report/results.h"
#include "runner/manifest.h"

/* Returns what makes a run fail although no test did, or NULL. */
const char *mt_judge(const struct mt_results *results, const struct mt_manifest *manifest,
                     int *ret_status);

#endif
