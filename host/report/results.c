/* SPDX-License-Identifier: Apache-2.0 */
#include "report/results.h"

#include <stdlib.h>
#include <string.h>

static struct mt_suite *find_suite(struct mt_results *results, const char *plugin,
                                   const char *group)
{
    for (size_t i = 0; i < results->suite_count; i++) {
        struct mt_suite *suite = &results->suites[i];
        if (strcmp(suite->plugin, plugin) == 0 && strcmp(suite->group, group) == 0) {
            return suite;
        }
    }
    results->suites =
        mt_realloc(results->suites, results->suite_count + 1, sizeof(*results->suites));
    struct mt_suite *suite = &results->suites[results->suite_count++];
    *suite = (struct mt_suite){.plugin = mt_text_copy(plugin), .group = mt_text_copy(group)};
    return suite;
}

static void add_case(struct mt_results *results, const struct mt_event *event)
{
    struct mt_suite *suite = find_suite(results, event->plugin, event->group);

    suite->cases = mt_realloc(suite->cases, suite->count + 1, sizeof(*suite->cases));
    suite->cases[suite->count++] = results->case_count;
    results->cases = mt_realloc(results->cases, results->case_count + 1, sizeof(*results->cases));
    results->cases[results->case_count++] = (struct mt_case){
        .plugin = mt_text_copy(event->plugin),
        .group = mt_text_copy(event->group),
        .test = mt_text_copy(event->test),
    };
}

/* Most events are of a test that was planned or begun lately, so the search goes backwards. */
static struct mt_case *find_case(struct mt_results *results, const struct mt_event *event)
{
    for (size_t i = results->case_count; i-- > 0;) {
        struct mt_case *one = &results->cases[i];
        if (strcmp(one->test, event->test) == 0 && strcmp(one->plugin, event->plugin) == 0) {
            return one;
        }
    }
    return NULL;
}

static void end_case(struct mt_results *results, struct mt_case *one, const struct mt_event *event)
{
    mt_event_clear(&one->finished);
    mt_event_copy(event, &one->finished);
    one->over = true;
    bool is_lack = event->kind == MT_EVENT_SKIPPED && event->reason != NULL &&
                   strcmp(event->reason, "slow") != 0 && strcmp(event->reason, "interrupted") != 0;
    results->lacks += is_lack;
}

static void add_to_case(struct mt_results *results, const struct mt_event *event)
{
    struct mt_case *one =
        event->test != NULL && event->plugin != NULL ? find_case(results, event) : NULL;

    if (one == NULL) {
        return;
    }
    switch (event->kind) {
    case MT_EVENT_STARTED:
        mt_event_clear(&one->started);
        mt_event_copy(event, &one->started);
        mt_strings_clear(&one->notes);
        break;
    case MT_EVENT_NOTE:
        mt_strings_add(&one->notes, "%s: %s", event->key, event->value);
        break;
    case MT_EVENT_SKIPPED:
    case MT_EVENT_FINISHED:
        end_case(results, one, event);
        break;
    default:
        break;
    }
}

static void add_disabled(struct mt_results *results, const struct mt_event *event)
{
    results->disabled =
        mt_realloc(results->disabled, results->disabled_count + 1, sizeof(*results->disabled));
    mt_event_copy(event, &results->disabled[results->disabled_count++]);
}

void mt_results_add(struct mt_results *results, const struct mt_event *event)
{
    switch (event->kind) {
    case MT_EVENT_RUN_STARTED:
        mt_event_clear(&results->run);
        mt_event_copy(event, &results->run);
        break;
    case MT_EVENT_PLANNED:
        if (event->plugin != NULL && event->group != NULL && event->test != NULL) {
            add_case(results, event);
        }
        break;
    case MT_EVENT_PLUGIN_DISABLED:
        add_disabled(results, event);
        break;
    case MT_EVENT_NOT_SELECTED:
        results->not_selected += event->count;
        break;
    case MT_EVENT_RUN_FINISHED:
        mt_event_clear(&results->finished);
        mt_event_copy(event, &results->finished);
        results->over = true;
        break;
    default:
        add_to_case(results, event);
    }
}

static void clear_case(struct mt_case *one)
{
    free((char *)(uintptr_t)one->plugin);
    free((char *)(uintptr_t)one->group);
    free((char *)(uintptr_t)one->test);
    mt_event_clear(&one->started);
    mt_event_clear(&one->finished);
    mt_strings_clear(&one->notes);
}

void mt_results_clear(struct mt_results *results)
{
    for (size_t i = 0; i < results->case_count; i++) {
        clear_case(&results->cases[i]);
    }
    for (size_t i = 0; i < results->suite_count; i++) {
        free((char *)(uintptr_t)results->suites[i].plugin);
        free((char *)(uintptr_t)results->suites[i].group);
        free(results->suites[i].cases);
    }
    for (size_t i = 0; i < results->disabled_count; i++) {
        mt_event_clear(&results->disabled[i]);
    }
    mt_event_clear(&results->run);
    mt_event_clear(&results->finished);
    free(results->cases);
    free(results->suites);
    free(results->disabled);
    *results = (struct mt_results){0};
}

const char *mt_case_outcome(const struct mt_case *one)
{
    if (!one->over) {
        return "error";
    }
    if (one->finished.kind == MT_EVENT_SKIPPED) {
        return "skipped";
    }
    return one->finished.outcome != NULL ? one->finished.outcome : "error";
}

const char *mt_case_message(const struct mt_case *one)
{
    if (!one->over) {
        return "no result: the run ended first";
    }
    return one->finished.message != NULL ? one->finished.message : "";
}

static void count_case(const struct mt_case *one, struct mt_counts *counts)
{
    const char *outcome = mt_case_outcome(one);

    counts->tests++;
    counts->passed += strcmp(outcome, "passed") == 0;
    counts->failed += strcmp(outcome, "failed") == 0;
    counts->errors += strcmp(outcome, "error") == 0;
    counts->skipped += strcmp(outcome, "skipped") == 0;
    counts->seconds += one->finished.seconds;
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
