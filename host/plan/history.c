/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/history.h"

#include <stdlib.h>

#include "base/text.h"
#include "journal/reader.h"
#include "plan/selection.h"

static struct mt_test_state *history_find_or_add(struct mt_history *history,
                                                 const struct mt_test_id *id)
{
    size_t position;

    if (!mt_test_index_find(&history->index, id, &position)) {
        position = history->count++;
        mt_test_index_add(&history->index, id, position);
        history->tests = mt_realloc(history->tests, history->count, sizeof(*history->tests));
        history->tests[position] = (struct mt_test_state){0};
    }
    return &history->tests[position];
}

void mt_history_add(struct mt_history *history, const struct mt_event *event)
{
    if (event->kind == MT_EVENT_RUN_STARTED) {
        mt_event_clear(&history->run);
        mt_event_copy(event, &history->run);
    }
    for (size_t i = 0; event->kind == MT_EVENT_RUN_RESUMED && i < history->count; i++) {
        mt_test_state_resume(&history->tests[i]);
    }
    if (event->id.plugin != NULL && event->id.test != NULL) {
        mt_test_state_add(history_find_or_add(history, &event->id), event);
    }
}

static void history_take_event(void *data, const struct mt_event *event)
{
    mt_history_add(data, event);
}

static void history_count_unreadable(void *data, long line, const char *why)
{
    struct mt_history *history = data;

    (void)line;
    (void)why;
    history->unreadable++;
}

int mt_history_read(const char *path, struct mt_history *ret_history, struct mt_error *error)
{
    struct mt_history history = {0};
    const struct mt_journal_listener listener = {
        .data = &history, .event = history_take_event, .unreadable = history_count_unreadable};

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
        mt_test_state_clear(&history->tests[i]);
    }
    free(history->tests);
    mt_test_index_clear(&history->index);
    mt_event_clear(&history->run);
    *history = (struct mt_history){0};
}

const struct mt_test_state *mt_history_find(const struct mt_history *history,
                                            const struct mt_test_id *id)
{
    size_t position;

    return mt_test_index_find(&history->index, id, &position) ? &history->tests[position] : NULL;
}

static bool history_needs_rerun(const struct mt_history *history, const struct mt_test_id *id)
{
    const struct mt_test_state *test = mt_history_find(history, id);

    return test != NULL && mt_test_state_needs_rerun(test);
}

bool mt_history_failed(const struct mt_history *history, const struct mt_test_id *id)
{
    const struct mt_test_id load = {.plugin = id->plugin, .test = MT_LOAD_CASE};

    return history_needs_rerun(history, id) || history_needs_rerun(history, &load);
}
