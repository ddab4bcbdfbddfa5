/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "journal/reader.h"
#include "plan/selection.h"

static struct mt_past *find(const struct mt_history *history, const struct mt_test_id *id)
{
    MT_AUTO_FREE char *key = mt_test_name(id);
    const json_t *index = json_object_get(history->index, key);

    return index != NULL ? &history->pasts[json_integer_value(index)] : NULL;
}

static struct mt_past *find_or_add(struct mt_history *history, const struct mt_event *event)
{
    struct mt_past *past = find(history, &event->id);

    if (past != NULL) {
        return past;
    }
    MT_AUTO_FREE char *key = mt_test_name(&event->id);
    if (history->index == NULL) {
        history->index = json_object();
    }
    json_object_set_new_nocheck(history->index, key, json_integer((json_int_t)history->count));
    history->pasts = mt_realloc(history->pasts, history->count + 1, sizeof(*history->pasts));
    past = &history->pasts[history->count++];
    *past = (struct mt_past){0};
    return past;
}

static bool is(const char *word, const char *expected)
{
    return word != NULL && strcmp(word, expected) == 0;
}

static void forget_attempts(struct mt_past *past)
{
    past->attempts = 0;
    free(past->fault);
    past->fault = NULL;
}

static void add_attempt(struct mt_past *past, const struct mt_event *event)
{
    if (past->attempts == 0) {
        past->attempts_of = event->repeat;
        past->fault = mt_text_copy(event->message);
    }
    past->attempts += event->repeat == past->attempts_of;
}

static void add_finished(struct mt_past *past, const struct mt_event *event)
{
    bool bad = !is(event->outcome, "passed") && !is(event->outcome, "skipped");

    if (mt_event_is_cut_off(event) || mt_event_is_undecided(event)) {
        return;
    }
    past->under_way -= past->under_way > 0;
    past->unfinished = past->under_way > 0;
    if (event->final == 0) {
        add_attempt(past, event);
        return;
    }
    past->bad = past->bad || bad;
    past->settled = past->settled || event->attempt == 0;
    past->repetitions++;
    past->last_over = event->repeat > past->last_over ? event->repeat : past->last_over;
    /* A run that goes on makes the next attempt under another number. */
    if (event->repeat == past->attempts_of ||
        (past->attempts > 0 && event->attempt == past->attempts + 1)) {
        forget_attempts(past);
    }
}

void mt_history_add(struct mt_history *history, const struct mt_event *event)
{
    if (event->kind == MT_EVENT_RUN_STARTED) {
        mt_event_clear(&history->run);
        mt_event_copy(event, &history->run);
    }
    for (size_t i = 0; event->kind == MT_EVENT_RUN_RESUMED && i < history->count; i++) {
        history->pasts[i].under_way = 0;
    }
    if (event->id.plugin == NULL || event->id.test == NULL) {
        return;
    }
    struct mt_past *past = find_or_add(history, event);
    switch (event->kind) {
    case MT_EVENT_PLANNED:
        past->planned = true;
        break;
    case MT_EVENT_STARTED:
        past->unfinished = true;
        past->under_way++;
        break;
    case MT_EVENT_SKIPPED:
        past->settled = past->settled || !mt_event_is_put_off(event);
        break;
    case MT_EVENT_FINISHED:
        add_finished(past, event);
        break;
    default:
        break;
    }
}

static void take_event(void *data, const struct mt_event *event)
{
    mt_history_add(data, event);
}

static void take_torn(void *data, long line, const char *why)
{
    struct mt_history *history = data;

    (void)line;
    (void)why;
    history->torn++;
}

int mt_history_read(const char *path, struct mt_history *ret_history, struct mt_error *error)
{
    struct mt_history history = {0};
    const struct mt_journal_listener listener = {
        .data = &history, .event = take_event, .torn = take_torn};

    if (mt_journal_read(path, &listener, error) < 0) {
        mt_history_clear(&history);
        return -1;
    }
    if (history.run.format == 0) {
        mt_history_clear(&history);
        return mt_fail(error, "%s has no beginning of a run; expected a journal of migtest's",
                       path);
    }
    *ret_history = history;
    return 0;
}

void mt_history_clear(struct mt_history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        free(history->pasts[i].fault);
    }
    free(history->pasts);
    json_decref(history->index);
    mt_event_clear(&history->run);
    *history = (struct mt_history){0};
}

const struct mt_past *mt_history_find(const struct mt_history *history, const struct mt_test_id *id)
{
    return find(history, id);
}

static bool failed(const struct mt_past *past)
{
    return past != NULL && (past->bad || past->unfinished || past->attempts > 0);
}

bool mt_history_failed(const struct mt_history *history, const struct mt_test_id *id)
{
    const struct mt_test_id load = {.plugin = id->plugin, .test = MT_LOAD_CASE};

    return failed(find(history, id)) || failed(find(history, &load));
}
