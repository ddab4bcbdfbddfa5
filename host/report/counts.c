/* SPDX-License-Identifier: Apache-2.0 */
/* Results in numbers, of one run or of several. */
#include "report/merge.h"
#include "report/results.h"

static void count_outcome(const struct mt_case *test, struct mt_counts *counts)
{
    const struct mt_event *ending = mt_case_ending(test);

    switch (mt_case_outcome(test)) {
    case MT_OUTCOME_PASSED:
        counts->passed++;
        break;
    case MT_OUTCOME_FLAKY:
        counts->passed++;
        counts->flaky += ending->quarantine == NULL;
        break;
    case MT_OUTCOME_SKIPPED:
        counts->skipped++;
        counts->missing += mt_reason_is_missing(ending->reason);
        counts->undecided += mt_reason_is_undecided(ending->reason);
        break;
    case MT_OUTCOME_FAILED:
        counts->failed++;
        break;
    case MT_OUTCOME_ERROR:
        counts->errors++;
        break;
    case MT_OUTCOME_QUARANTINED:
        counts->quarantined++;
        break;
    }
}

static void count_case(const struct mt_case *test, struct mt_counts *counts)
{
    if (!test->in_other_journal) {
        counts->tests++;
        counts->seconds += mt_case_seconds(test);
        count_outcome(test, counts);
    }
}

struct mt_counts mt_results_count(const struct mt_results *results)
{
    struct mt_counts counts = {0};

    for (size_t i = 0; i < results->case_count; i++) {
        count_case(&results->cases[i], &counts);
    }
    return counts;
}

struct mt_counts mt_suite_count(const struct mt_results *results, const struct mt_suite *suite)
{
    struct mt_counts counts = {0};

    for (size_t i = 0; i < suite->count; i++) {
        count_case(&results->cases[suite->cases[i]], &counts);
    }
    return counts;
}

struct mt_counts mt_results_list_count(const struct mt_results_list *list)
{
    struct mt_counts counts = {0};

    for (size_t i = 0; i < list->count; i++) {
        for (size_t j = 0; j < list->items[i].case_count; j++) {
            count_case(&list->items[i].cases[j], &counts);
        }
    }
    return counts;
}

size_t mt_results_list_judged(const struct mt_results_list *list)
{
    size_t judged = 0;

    for (size_t i = 0; i < list->count; i++) {
        judged += mt_results_judgement(&list->items[i]) != NULL;
    }
    return judged;
}

/* Each shard counts the tests of all other shards as not selected. */
static int64_t count_not_selected(const struct mt_results_list *list, size_t first)
{
    int64_t known = 0;
    int64_t reported = 0;

    for (size_t i = first; i < list->count; i++) {
        const struct mt_results *results = &list->items[i];
        int64_t all = (int64_t)results->case_count + results->not_selected;
        if (mt_results_have_same_manifest(results, &list->items[first])) {
            known = all > known ? all : known;
            reported += (int64_t)mt_results_count(results).tests;
        }
    }
    return known > reported ? known - reported : 0;
}

int64_t mt_results_list_not_selected(const struct mt_results_list *list)
{
    int64_t total = 0;

    for (size_t i = 0; i < list->count; i++) {
        bool is_first = true;
        for (size_t j = 0; j < i; j++) {
            is_first = is_first && !mt_results_have_same_manifest(&list->items[i], &list->items[j]);
        }
        total += is_first ? count_not_selected(list, i) : 0;
    }
    return total;
}

double mt_results_list_seconds(const struct mt_results_list *list)
{
    double longest = 0;

    for (size_t i = 0; i < list->count; i++) {
        double seconds = list->items[i].finished.seconds;
        longest = seconds > longest ? seconds : longest;
    }
    return longest > 0 ? longest : mt_results_list_count(list).seconds;
}
