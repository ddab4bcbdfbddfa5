/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/judge.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/diagnostics.h"

/* Each check adds a sentence to the reasons, or nothing. */
struct judgement {
    const struct mt_manifest *manifest;
    const struct mt_plan_list *plan;
    struct mt_counts counts;
    bool can_run_yet;
    char *reasons;
};

static void judgement_add(struct judgement *judgement, char *reason)
{
    mt_text_append_item(&judgement->reasons, "; ", "%s", reason);
    free(reason);
}

static void judge_emptiness(struct judgement *judgement)
{
    const struct mt_plan_list *plan = judgement->plan;
    const struct mt_counts *counts = &judgement->counts;
    bool selected = plan->count + plan->elsewhere_count > 0;
    size_t undecided = counts->undecided;

    if (!selected || counts->tests != counts->skipped || judgement->can_run_yet) {
        return;
    }
    if (undecided == 0) {
        judgement_add(judgement, mt_text_copy("nothing of the selection can run here"));
        return;
    }
    judgement_add(judgement,
                  mt_text("%zu %s could not be decided: the host gave %s no processor", undecided,
                          undecided == 1 ? "test" : "tests", undecided == 1 ? "it" : "them"));
}

static void judge_skips(struct judgement *judgement)
{
    int64_t most = judgement->manifest->max_skips;
    int64_t missing = (int64_t)judgement->counts.missing;

    if (most >= 0 && missing > most) {
        judgement_add(judgement, mt_text("more tests were skipped than max_skips allows: %" PRId64
                                         ", not %" PRId64,
                                         missing, most));
    }
}

static void judge_flakes(struct judgement *judgement)
{
    if (!judgement->manifest->flaky_allowed && judgement->counts.flaky > 0) {
        judgement_add(judgement, mt_text("the manifest forbids flaky tests, and %zu %s",
                                         judgement->counts.flaky,
                                         judgement->counts.flaky == 1 ? "was" : "were"));
    }
}

static void judge_quarantines(struct judgement *judgement)
{
    const struct mt_quarantines *quarantines = &judgement->plan->quarantines;

    for (size_t i = 0; i < quarantines->count; i++) {
        const struct mt_quarantine *entry = &quarantines->entries[i];
        if (entry->used && entry->is_over) {
            judgement_add(judgement, mt_text("the quarantine of %s is past its date (%s)",
                                             entry->test, entry->reason));
        }
    }
}

char *mt_judge(const struct mt_results *results, const struct mt_manifest *manifest,
               const struct mt_plan_list *plan, bool can_run_yet, int *ret_status)
{
    struct judgement judgement = {
        .manifest = manifest,
        .plan = plan,
        .counts = mt_results_count(results),
        .can_run_yet = can_run_yet,
    };

    judge_emptiness(&judgement);
    judge_skips(&judgement);
    judge_flakes(&judgement);
    judge_quarantines(&judgement);
    bool bad = judgement.counts.failed + judgement.counts.errors > 0;
    *ret_status = bad || judgement.reasons != NULL ? MT_EXIT_FAILED : MT_EXIT_PASSED;
    return judgement.reasons;
}
