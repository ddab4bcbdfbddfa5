/* SPDX-License-Identifier: Apache-2.0 */
/* Results in numbers, also those of several runs. */
#include <string.h>

#include "base/cleanup.h"
#include "report/results.h"

static void count_case(const struct mt_case *one, struct mt_counts *counts)
{
    const char *outcome = mt_case_outcome(one);
    bool quarantined = mt_case_is_quarantined(one);

    if (one->told_elsewhere) {
        return;
    }
    counts->tests++;
    counts->passed += strcmp(outcome, "passed") == 0;
    counts->flaky += mt_case_is_flaky(one) && one->finished.quarantine == NULL;
    counts->failed += strcmp(outcome, "failed") == 0 && !quarantined;
    counts->errors += strcmp(outcome, "error") == 0 && !quarantined;
    counts->skipped += strcmp(outcome, "skipped") == 0;
    counts->quarantined += quarantined;
    counts->seconds += mt_case_seconds(one);
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

static bool is_same(const char *left, const char *right)
{
    return strcmp(left != NULL ? left : "", right != NULL ? right : "") == 0;
}

static const char *manifest_of(const struct mt_event *run)
{
    const char *path = run->manifest != NULL ? run->manifest : "";
    const char *slash = strrchr(path, '/');

    return run->name != NULL && run->name[0] != '\0' ? run->name : slash != NULL ? slash + 1 : path;
}

bool mt_results_have_same_manifest(const struct mt_results *left, const struct mt_results *right)
{
    return strcmp(manifest_of(&left->run), manifest_of(&right->run)) == 0;
}

/* Whether what one found out holds for the other. */
static bool has_same_qemus(const struct mt_event *left, const struct mt_event *right)
{
    return is_same(left->source_version, right->source_version) &&
           is_same(left->destination_version, right->destination_version);
}

static bool was_run(const struct mt_case *one)
{
    return mt_case_has_result(one) ? strcmp(mt_case_outcome(one), "skipped") != 0
                                   : one->started.kind == MT_EVENT_STARTED;
}

static bool went_wrong(const struct mt_case *one)
{
    bool wrong = mt_case_has_result(one) && mt_attempt_is_bad(&one->finished);

    for (size_t i = 0; i < one->attempt_count && !wrong; i++) {
        const struct mt_event *attempt = &one->attempts[i];
        wrong = mt_attempt_is_bad(attempt) && !mt_event_is_cut_off(attempt);
    }
    return wrong;
}

/* A case that was itself left to another is not told there, and a skip is no word on one that ran.
 */
static bool tells(const struct mt_results *results, const char *key, const struct mt_case *asked)
{
    const json_t *index = json_object_get(results->index, key);
    const struct mt_case *one = index != NULL ? &results->cases[json_integer_value(index)] : NULL;

    return one != NULL && mt_case_has_result(one) && !one->told_elsewhere &&
           (was_run(one) || !was_run(asked));
}

static void settle_case(const struct mt_results_list *list, const struct mt_results *results,
                        struct mt_case *one)
{
    MT_AUTO_FREE char *key = mt_test_name(&one->id);
    bool stays = went_wrong(one) || !mt_results_ended_early(results);

    for (size_t i = 0; i < list->count && !stays; i++) {
        const struct mt_results *other = &list->items[i];
        if (other != results && mt_results_have_same_manifest(other, results) &&
            has_same_qemus(&other->run, &results->run) && tells(other, key, one)) {
            one->told_elsewhere = true;
            return;
        }
    }
}

void mt_results_list_settle(struct mt_results_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        for (size_t j = 0; j < list->items[i].case_count; j++) {
            settle_case(list, &list->items[i], &list->items[i].cases[j]);
        }
    }
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

/* Each shard leaves out what the others have. */
static int64_t left_out_of(const struct mt_results_list *list, size_t first)
{
    int64_t known = 0;
    int64_t told = 0;

    for (size_t i = first; i < list->count; i++) {
        const struct mt_results *results = &list->items[i];
        int64_t all = (int64_t)results->case_count + results->not_selected;
        if (mt_results_have_same_manifest(results, &list->items[first])) {
            known = all > known ? all : known;
            told += (int64_t)mt_results_count(results).tests;
        }
    }
    return known > told ? known - told : 0;
}

int64_t mt_results_list_not_selected(const struct mt_results_list *list)
{
    int64_t total = 0;

    for (size_t i = 0; i < list->count; i++) {
        bool is_first = true;
        for (size_t j = 0; j < i; j++) {
            is_first = is_first && !mt_results_have_same_manifest(&list->items[i], &list->items[j]);
        }
        total += is_first ? left_out_of(list, i) : 0;
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
