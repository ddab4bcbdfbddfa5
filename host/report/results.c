/* SPDX-License-Identifier: Apache-2.0 */
#include "report/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static struct mt_suite *results_find_suite(struct mt_results *results, const struct mt_test_id *id)
{
    for (size_t i = 0; i < results->suite_count; i++) {
        struct mt_suite *suite = &results->suites[i];
        if (strcmp(suite->plugin, id->plugin) == 0 && strcmp(suite->group, id->group) == 0) {
            return suite;
        }
    }
    results->suites =
        mt_realloc(results->suites, results->suite_count + 1, sizeof(*results->suites));
    struct mt_suite *suite = &results->suites[results->suite_count++];
    *suite =
        (struct mt_suite){.plugin = mt_text_copy(id->plugin), .group = mt_text_copy(id->group)};
    return suite;
}

static struct mt_case *results_find(const struct mt_results *results, const struct mt_test_id *id)
{
    size_t position;

    return id->plugin != NULL && id->test != NULL &&
                   mt_test_index_find(&results->index, id, &position)
               ? &results->cases[position]
               : NULL;
}

const struct mt_case *mt_results_find(const struct mt_results *results, const struct mt_test_id *id)
{
    return results_find(results, id);
}

static void results_add_case(struct mt_results *results, const struct mt_test_id *id)
{
    struct mt_suite *suite = results_find_suite(results, id);
    size_t position = results->case_count++;

    suite->cases = mt_realloc(suite->cases, suite->count + 1, sizeof(*suite->cases));
    suite->cases[suite->count++] = position;
    results->cases = mt_realloc(results->cases, results->case_count, sizeof(*results->cases));
    results->cases[position] = (struct mt_case){
        .id = {.plugin = mt_text_copy(id->plugin),
               .group = mt_text_copy(id->group),
               .test = mt_text_copy(id->test)},
    };
    mt_test_index_add(&results->index, id, position);
}

static void case_add_attempt(struct mt_case *test, const struct mt_event *event)
{
    struct mt_event kept = *event;

    kept.output = mt_event_is_bad(event) ? event->output : NULL;
    test->attempts = mt_realloc(test->attempts, test->attempt_count + 1, sizeof(*test->attempts));
    mt_event_copy(&kept, &test->attempts[test->attempt_count++]);
}

/* Whoever reads about a failure wants to see the last 8 things that happened before. */
static void case_add_happening(struct mt_case *test, const struct mt_event *event, const char *text)
{
    const size_t limit = 8;
    struct mt_strings *happenings = &test->happenings;

    if (happenings->count == limit) {
        free(happenings->items[0]);
        memmove(&happenings->items[0], &happenings->items[1], limit * sizeof(*happenings->items));
        happenings->count--;
    }
    mt_strings_add(happenings, "%+.3f s: %s", event->time - test->started.time, text);
}

static void case_add_waiting(struct mt_case *test, const struct mt_event *event)
{
    MT_AUTO_FREE char *text = mt_text("waiting for %s (%s)", event->what, event->side);

    case_add_happening(test, event, text);
}

static void case_add_note(struct mt_case *test, const struct mt_event *event)
{
    MT_AUTO_FREE char *text = mt_text("%s: %s", event->key, event->value);

    mt_strings_add(&test->notes, "%s", text);
    case_add_happening(test, event, text);
}

static void case_add_qemu(struct mt_case *test, const struct mt_event *event)
{
    MT_AUTO_FREE char *text =
        mt_text("the %s starts, process %lld", event->side, (long long)event->pid);

    case_add_happening(test, event, text);
}

/* A test may start a QEMU of each side several times; each QEMU is noted once. */
static void case_add_greeting(struct mt_case *test, const struct mt_event *event)
{
    const char *id = event->build_id != NULL ? event->build_id : "unknown";

    if (event->side == NULL || event->version == NULL) {
        return;
    }
    MT_AUTO_FREE char *text = mt_text("%s: QEMU %s, build id %s", event->side, event->version, id);
    if (!mt_strings_contain(&test->notes, text)) {
        mt_strings_add(&test->notes, "%s", text);
    }
}

static void case_begin_attempt(struct mt_case *test, const struct mt_event *event)
{
    mt_event_clear(&test->started);
    mt_event_copy(event, &test->started);
    mt_strings_clear(&test->notes);
    mt_strings_clear(&test->happenings);
}

static void case_end_attempt(struct mt_case *test, const struct mt_event *event)
{
    case_add_attempt(test, event);
    if (mt_event_is_bad(event)) {
        mt_strings_clear(&test->last_events);
        test->last_events = test->happenings;
        test->happenings = (struct mt_strings){0};
    }
    mt_strings_clear(&test->happenings);
}

static void case_add(struct mt_case *test, const struct mt_event *event)
{
    mt_test_state_add(&test->state, event);
    switch (event->kind) {
    case MT_EVENT_STARTED:
        case_begin_attempt(test, event);
        break;
    case MT_EVENT_QEMU:
        case_add_qemu(test, event);
        break;
    case MT_EVENT_QEMU_GREETED:
        case_add_greeting(test, event);
        break;
    case MT_EVENT_WAITING:
        case_add_waiting(test, event);
        break;
    case MT_EVENT_NOTE:
        case_add_note(test, event);
        break;
    case MT_EVENT_FINISHED:
        case_end_attempt(test, event);
        break;
    default:
        break;
    }
}

static void results_add_disabled(struct mt_results *results, const struct mt_event *event)
{
    results->disabled =
        mt_realloc(results->disabled, results->disabled_count + 1, sizeof(*results->disabled));
    mt_event_copy(event, &results->disabled[results->disabled_count++]);
}

static void results_resume(struct mt_results *results)
{
    mt_event_clear(&results->finished);
    results->over = false;
    for (size_t i = 0; i < results->case_count; i++) {
        mt_test_state_resume(&results->cases[i].state);
    }
}

void mt_results_add(struct mt_results *results, const struct mt_event *event)
{
    struct mt_case *test;

    switch (event->kind) {
    case MT_EVENT_RUN_STARTED:
        mt_event_clear(&results->run);
        mt_event_copy(event, &results->run);
        break;
    case MT_EVENT_RUN_RESUMED:
        results_resume(results);
        break;
    case MT_EVENT_PLANNED:
        if (event->id.plugin != NULL && event->id.group != NULL && event->id.test != NULL &&
            results_find(results, &event->id) == NULL) {
            results_add_case(results, &event->id);
        }
        break;
    case MT_EVENT_PLUGIN_DISABLED:
        results_add_disabled(results, event);
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
        test = results_find(results, &event->id);
        if (test != NULL) {
            case_add(test, event);
        }
    }
}

void mt_results_end(struct mt_results *results)
{
    for (size_t i = 0; i < results->case_count && !results->over; i++) {
        mt_test_state_break_off(&results->cases[i].state);
    }
}

static void case_clear(struct mt_case *test)
{
    free((char *)(uintptr_t)test->id.plugin);
    free((char *)(uintptr_t)test->id.group);
    free((char *)(uintptr_t)test->id.test);
    mt_test_state_clear(&test->state);
    mt_event_clear(&test->started);
    for (size_t i = 0; i < test->attempt_count; i++) {
        mt_event_clear(&test->attempts[i]);
    }
    free(test->attempts);
    mt_strings_clear(&test->notes);
    mt_strings_clear(&test->happenings);
    mt_strings_clear(&test->last_events);
}

void mt_results_clear(struct mt_results *results)
{
    for (size_t i = 0; i < results->case_count; i++) {
        case_clear(&results->cases[i]);
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
    mt_test_index_clear(&results->index);
    free(results->folder);
    free(results->cases);
    free(results->suites);
    free(results->disabled);
    *results = (struct mt_results){0};
}

const struct mt_event *mt_case_ending(const struct mt_case *test)
{
    static const struct mt_event no_ending = {0};
    const struct mt_event *ending = mt_test_state_ending(&test->state);

    return ending != NULL ? ending : &no_ending;
}

enum mt_outcome mt_case_outcome(const struct mt_case *test)
{
    return mt_event_outcome(mt_case_ending(test));
}

double mt_case_seconds(const struct mt_case *test)
{
    double seconds = 0;

    for (size_t i = 0; i < test->attempt_count; i++) {
        seconds += test->attempts[i].seconds;
    }
    return seconds;
}

const struct mt_event *mt_case_traces(const struct mt_case *test)
{
    const struct mt_event *ending = mt_test_state_ending(&test->state);

    return ending != NULL ? ending : &test->started;
}

const char *mt_case_message(const struct mt_case *test)
{
    const struct mt_event *ending = mt_test_state_ending(&test->state);

    if (ending == NULL) {
        return "no result: the run ended first";
    }
    return ending->message != NULL ? ending->message : "";
}

bool mt_case_has_result(const struct mt_case *test)
{
    const struct mt_event *ending = mt_test_state_ending(&test->state);

    return ending != NULL && !mt_reason_is_no_result(ending->reason);
}

bool mt_results_ended_early(const struct mt_results *results)
{
    return !results->over || results->finished.signal != NULL;
}

const char *mt_results_judgement(const struct mt_results *results)
{
    return results->over ? results->finished.message : NULL;
}
