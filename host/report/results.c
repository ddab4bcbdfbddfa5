/* SPDX-License-Identifier: Apache-2.0 */
#include "report/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

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

static struct mt_case *find_case(const struct mt_results *results, const struct mt_event *event)
{
    MT_AUTO_FREE char *key = mt_test_name(&event->id);
    const json_t *index = json_object_get(results->index, key);

    return index != NULL ? &results->cases[json_integer_value(index)] : NULL;
}

static void add_case(struct mt_results *results, const struct mt_event *event)
{
    MT_AUTO_FREE char *key = mt_test_name(&event->id);
    struct mt_suite *suite = find_suite(results, event->id.plugin, event->id.group);

    suite->cases = mt_realloc(suite->cases, suite->count + 1, sizeof(*suite->cases));
    suite->cases[suite->count++] = results->case_count;
    results->cases = mt_realloc(results->cases, results->case_count + 1, sizeof(*results->cases));
    results->cases[results->case_count] = (struct mt_case){
        .id = {.plugin = mt_text_copy(event->id.plugin),
               .group = mt_text_copy(event->id.group),
               .test = mt_text_copy(event->id.test)},
    };
    if (results->index == NULL) {
        results->index = json_object();
    }
    json_object_set_new_nocheck(results->index, key,
                                json_integer((json_int_t)results->case_count++));
}

static bool is_outcome(const struct mt_event *event, const char *outcome)
{
    return event->outcome != NULL && strcmp(event->outcome, outcome) == 0;
}

bool mt_attempt_is_bad(const struct mt_event *event)
{
    return event->kind == MT_EVENT_FINISHED && !is_outcome(event, "passed") &&
           !is_outcome(event, "skipped");
}

static bool is_flaky(const struct mt_event *event)
{
    return is_outcome(event, "passed") && event->reason != NULL &&
           strcmp(event->reason, "flaky") == 0;
}

static void add_attempt(struct mt_case *one, const struct mt_event *event)
{
    struct mt_event kept = *event;

    kept.output = mt_attempt_is_bad(event) ? event->output : NULL;
    one->attempts = mt_realloc(one->attempts, one->attempt_count + 1, sizeof(*one->attempts));
    mt_event_copy(&kept, &one->attempts[one->attempt_count++]);
}

static bool is_skip(const struct mt_event *event)
{
    return event->kind == MT_EVENT_SKIPPED || is_outcome(event, "skipped");
}

/* What a run leaves out because it was told to, or ended early, is not lacking here. */
static bool is_lack(const struct mt_event *event)
{
    if (mt_event_is_put_off(event) ||
        (event->reason != NULL && strcmp(event->reason, "slow") == 0)) {
        return false;
    }
    return is_skip(event);
}

/* Whether it has run, and to an end of its own. */
static bool has_ended(const struct mt_case *one)
{
    return one->over && one->finished.kind == MT_EVENT_FINISHED &&
           !mt_event_is_interrupted(&one->finished);
}

/*
 * A repetition that went well does not hide one that did not, nor one that was flaky; one that was
 * skipped hides none that passed; one that was interrupted hides none, as the run may have gone on
 * later, and one that was cut off none that went wrong by itself.
 */
static bool counts_more(const struct mt_event *event, const struct mt_case *one)
{
    if (!has_ended(one)) {
        return true;
    }
    if (mt_event_is_interrupted(event) ||
        (is_skip(event) && is_outcome(&one->finished, "passed"))) {
        return false;
    }
    if (mt_attempt_is_bad(&one->finished)) {
        return mt_event_is_cut_off(&one->finished) && mt_attempt_is_bad(event) &&
               !mt_event_is_cut_off(event);
    }
    return mt_attempt_is_bad(event) || !is_flaky(&one->finished);
}

static void reopen_case(struct mt_results *results, struct mt_case *one)
{
    results->lacks -= one->over && is_lack(&one->finished);
    mt_event_clear(&one->finished);
    one->over = false;
}

static void end_case(struct mt_results *results, struct mt_case *one, const struct mt_event *event)
{
    if (counts_more(event, one)) {
        reopen_case(results, one);
        mt_event_copy(event, &one->finished);
        one->over = true;
        results->lacks += is_lack(event);
    }
}

/* What a failure's reader wants to see of what went before. */
static void add_happening(struct mt_case *one, const struct mt_event *event, const char *text)
{
    const size_t most = 8;
    struct mt_strings *kept = &one->happenings;

    if (kept->count == most) {
        free(kept->items[0]);
        memmove(&kept->items[0], &kept->items[1], most * sizeof(*kept->items));
        kept->count--;
    }
    mt_strings_add(kept, "%+.3f s: %s", event->time - one->started.time, text);
}

static void add_waiting(struct mt_case *one, const struct mt_event *event)
{
    MT_AUTO_FREE char *text = mt_text("waiting for %s (%s)", event->what, event->side);

    add_happening(one, event, text);
}

static void add_note(struct mt_case *one, const struct mt_event *event)
{
    MT_AUTO_FREE char *text = mt_text("%s: %s", event->key, event->value);

    mt_strings_add(&one->notes, "%s", text);
    add_happening(one, event, text);
}

static void add_qemu(struct mt_case *one, const struct mt_event *event)
{
    MT_AUTO_FREE char *text =
        mt_text("the %s starts, process %lld", event->side, (long long)event->pid);

    add_happening(one, event, text);
}

/* A test may start a QEMU of each side several times. */
static bool has_note(const struct mt_case *one, const char *text)
{
    for (size_t i = 0; i < one->notes.count; i++) {
        if (strcmp(one->notes.items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static void add_greeting(struct mt_case *one, const struct mt_event *event)
{
    const char *id = event->build_id != NULL ? event->build_id : "unknown";

    if (event->side == NULL || event->version == NULL) {
        return;
    }
    MT_AUTO_FREE char *text = mt_text("%s: QEMU %s, build id %s", event->side, event->version, id);
    if (!has_note(one, text)) {
        mt_strings_add(&one->notes, "%s", text);
    }
}

/* What the run's first part left out is under way again. */
static void begin_attempt(struct mt_results *results, struct mt_case *one,
                          const struct mt_event *event)
{
    if (!has_ended(one)) {
        reopen_case(results, one);
    }
    one->under_way++;
    mt_event_clear(&one->started);
    mt_event_copy(event, &one->started);
    mt_strings_clear(&one->notes);
    mt_strings_clear(&one->happenings);
}

static void end_attempt(struct mt_results *results, struct mt_case *one,
                        const struct mt_event *event)
{
    add_attempt(one, event);
    if (mt_attempt_is_bad(event)) {
        mt_strings_clear(&one->last_events);
        one->last_events = one->happenings;
        one->happenings = (struct mt_strings){0};
    }
    mt_strings_clear(&one->happenings);
    one->under_way -= one->under_way > 0;
    if (event->final != 0) {
        end_case(results, one, event);
    }
}

static void add_to_case(struct mt_results *results, const struct mt_event *event)
{
    struct mt_case *one =
        event->id.test != NULL && event->id.plugin != NULL ? find_case(results, event) : NULL;

    if (one == NULL) {
        return;
    }
    switch (event->kind) {
    case MT_EVENT_STARTED:
        begin_attempt(results, one, event);
        break;
    case MT_EVENT_QEMU:
        add_qemu(one, event);
        break;
    case MT_EVENT_QEMU_GREETED:
        add_greeting(one, event);
        break;
    case MT_EVENT_WAITING:
        add_waiting(one, event);
        break;
    case MT_EVENT_NOTE:
        add_note(one, event);
        break;
    case MT_EVENT_SKIPPED:
        end_case(results, one, event);
        break;
    case MT_EVENT_FINISHED:
        end_attempt(results, one, event);
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

/* What is known without the repetition that was cut off. */
static void forget_cut_off(struct mt_results *results, struct mt_case *one)
{
    reopen_case(results, one);
    for (size_t i = 0; i < one->attempt_count; i++) {
        const struct mt_event *attempt = &one->attempts[i];
        if (attempt->final != 0 && !mt_event_is_cut_off(attempt)) {
            end_case(results, one, attempt);
        }
    }
}

/* What was cut off will be under way again. */
static void go_on(struct mt_results *results)
{
    mt_event_clear(&results->finished);
    results->over = false;
    for (size_t i = 0; i < results->case_count; i++) {
        struct mt_case *one = &results->cases[i];
        one->under_way = 0;
        if (one->over && one->finished.kind == MT_EVENT_FINISHED && !mt_case_has_result(one)) {
            forget_cut_off(results, one);
        }
    }
}

void mt_results_add(struct mt_results *results, const struct mt_event *event)
{
    switch (event->kind) {
    case MT_EVENT_RUN_STARTED:
        mt_event_clear(&results->run);
        mt_event_copy(event, &results->run);
        break;
    case MT_EVENT_RUN_RESUMED:
        go_on(results);
        break;
    case MT_EVENT_PLANNED:
        if (event->id.plugin != NULL && event->id.group != NULL && event->id.test != NULL &&
            find_case(results, event) == NULL) {
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

void mt_results_end(struct mt_results *results)
{
    for (size_t i = 0; i < results->case_count && !results->over; i++) {
        struct mt_case *one = &results->cases[i];
        if (one->under_way > 0 && one->over && !mt_attempt_is_bad(&one->finished)) {
            reopen_case(results, one);
        }
    }
}

static void clear_case(struct mt_case *one)
{
    free((char *)(uintptr_t)one->id.plugin);
    free((char *)(uintptr_t)one->id.group);
    free((char *)(uintptr_t)one->id.test);
    mt_event_clear(&one->started);
    mt_event_clear(&one->finished);
    for (size_t i = 0; i < one->attempt_count; i++) {
        mt_event_clear(&one->attempts[i]);
    }
    free(one->attempts);
    mt_strings_clear(&one->notes);
    mt_strings_clear(&one->happenings);
    mt_strings_clear(&one->last_events);
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
    json_decref(results->index);
    free(results->folder);
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

const char *mt_results_judgement(const struct mt_results *results)
{
    return results->over ? results->finished.message : NULL;
}

size_t mt_results_list_judged(const struct mt_results_list *list)
{
    size_t judged = 0;

    for (size_t i = 0; i < list->count; i++) {
        judged += mt_results_judgement(&list->items[i]) != NULL;
    }
    return judged;
}

const struct mt_event *mt_case_traces(const struct mt_case *one)
{
    return one->over ? &one->finished : &one->started;
}

const char *mt_case_message(const struct mt_case *one)
{
    if (!one->over) {
        return "no result: the run ended first";
    }
    return one->finished.message != NULL ? one->finished.message : "";
}

bool mt_case_has_result(const struct mt_case *one)
{
    const char *reason = one->finished.reason;
    bool left_out = reason != NULL && strcmp(reason, "fail-fast") == 0;

    return one->over && !left_out && !mt_event_is_cut_off(&one->finished);
}

bool mt_results_ended_early(const struct mt_results *results)
{
    return !results->over || results->finished.signal != NULL;
}

bool mt_case_is_flaky(const struct mt_case *one)
{
    return one->over && is_flaky(&one->finished);
}

bool mt_case_is_quarantined(const struct mt_case *one)
{
    return one->over && one->finished.quarantine != NULL && mt_attempt_is_bad(&one->finished);
}

double mt_case_seconds(const struct mt_case *one)
{
    double seconds = 0;

    for (size_t i = 0; i < one->attempt_count; i++) {
        seconds += one->attempts[i].seconds;
    }
    return seconds;
}
