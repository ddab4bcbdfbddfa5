/* SPDX-License-Identifier: Apache-2.0 */
#include "report/merge.h"

#include <string.h>

static bool is_same_text(const char *left, const char *right)
{
    return strcmp(left != NULL ? left : "", right != NULL ? right : "") == 0;
}

static const char *manifest_name(const struct mt_event *run)
{
    const char *path = run->manifest != NULL ? run->manifest : "";
    const char *slash = strrchr(path, '/');

    if (run->name != NULL && run->name[0] != '\0') {
        return run->name;
    }
    return slash != NULL ? slash + 1 : path;
}

bool mt_results_have_same_manifest(const struct mt_results *left, const struct mt_results *right)
{
    return strcmp(manifest_name(&left->run), manifest_name(&right->run)) == 0;
}

/* A result holds for another run only if that run was of the same QEMUs. */
static bool has_same_qemus(const struct mt_event *left, const struct mt_event *right)
{
    return is_same_text(left->source_version, right->source_version) &&
           is_same_text(left->destination_version, right->destination_version);
}

static bool was_run(const struct mt_case *test)
{
    return mt_case_has_result(test) ? mt_case_outcome(test) != MT_OUTCOME_SKIPPED
                                    : test->started.kind == MT_EVENT_STARTED;
}

/* Also in an attempt that does not count, as that of a flaky test. */
static bool went_wrong(const struct mt_case *test)
{
    bool wrong = mt_test_state_is_bad(&test->state);

    for (size_t i = 0; i < test->attempt_count && !wrong; i++) {
        const struct mt_event *attempt = &test->attempts[i];
        wrong = mt_event_is_bad(attempt) && !mt_reason_is_cut_off(attempt->reason);
    }
    return wrong;
}

/* A case that was left to a third journal does not count, and a skip is no result for a test that
 * was run. */
static bool has_result_for(const struct mt_results *results, const struct mt_case *test)
{
    const struct mt_case *other = mt_results_find(results, &test->id);

    return other != NULL && mt_case_has_result(other) && !other->in_other_journal &&
           (was_run(other) || !was_run(test));
}

static void merge_case(const struct mt_results_list *list, const struct mt_results *results,
                       struct mt_case *test)
{
    bool stays = went_wrong(test) || !mt_results_ended_early(results);

    for (size_t i = 0; i < list->count && !stays; i++) {
        const struct mt_results *other = &list->items[i];
        if (other != results && mt_results_have_same_manifest(other, results) &&
            has_same_qemus(&other->run, &results->run) && has_result_for(other, test)) {
            test->in_other_journal = true;
            return;
        }
    }
}

void mt_results_list_merge(struct mt_results_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        for (size_t j = 0; j < list->items[i].case_count; j++) {
            merge_case(list, &list->items[i], &list->items[i].cases[j]);
        }
    }
}

bool mt_results_are_completed(const struct mt_results *results)
{
    bool any = false;

    for (size_t i = 0; i < results->case_count; i++) {
        const struct mt_case *test = &results->cases[i];
        if (!mt_case_has_result(test) && !test->in_other_journal) {
            return false;
        }
        any = any || test->in_other_journal;
    }
    return any;
}
