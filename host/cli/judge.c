/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/judge.h"

#include "cli/diagnostics.h"

const char *mt_judge(const struct mt_results *results, const struct mt_manifest *manifest,
                     int *ret_status)
{
    struct mt_counts counts = mt_results_count(results);

    *ret_status = counts.failed + counts.errors > 0 ? MT_EXIT_FAILED : MT_EXIT_PASSED;
    if (counts.tests == counts.skipped) {
        *ret_status = MT_EXIT_FAILED;
        return "nothing of the selection can run here";
    }
    if (manifest->max_skips >= 0 && (int64_t)results->lacks > manifest->max_skips) {
        *ret_status = MT_EXIT_FAILED;
        return "more tests were skipped than max_skips allows";
    }
    return NULL;
}
