/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/test_state.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"

/* A verdict hides those of less weight. */
enum state_weight {
    INTERRUPTED, /* before the test was started */
    SKIPPED,
    PASSED,
    FLAKY,
    BAD,
};

static enum state_weight state_weight_of(const struct mt_event *event)
{
    switch (mt_event_outcome(event)) {
    case MT_OUTCOME_SKIPPED:
        return mt_reason_is_interrupted(event->reason) ? INTERRUPTED : SKIPPED;
    case MT_OUTCOME_PASSED:
        return PASSED;
    case MT_OUTCOME_FLAKY:
        return FLAKY;
    case MT_OUTCOME_FAILED:
    case MT_OUTCOME_ERROR:
    case MT_OUTCOME_QUARANTINED:
        break;
    }
    return BAD;
}

static void state_drop_verdict(struct mt_test_state *state)
{
    mt_event_clear(&state->verdict);
    state->has_verdict = false;
}

static void state_drop_cut_off(struct mt_test_state *state)
{
    mt_event_clear(&state->cut_off);
    state->has_cut_off = false;
}

/* Of equal verdicts the first counts if somebody has to look into it, otherwise the last. */
static bool state_verdict_counts(const struct mt_test_state *state, const struct mt_event *event)
{
    enum state_weight weight = state_weight_of(event);

    if (!state->has_verdict || state->verdict.kind == MT_EVENT_SKIPPED) {
        return true;
    }
    enum state_weight present = state_weight_of(&state->verdict);
    return weight > present || (weight == present && weight <= PASSED);
}

static void state_keep_verdict(struct mt_test_state *state, const struct mt_event *event)
{
    if (state_verdict_counts(state, event)) {
        state_drop_verdict(state);
        mt_event_copy(event, &state->verdict);
        state->has_verdict = true;
    }
}

static void state_keep_cut_off(struct mt_test_state *state, const struct mt_event *event)
{
    if (!state->has_cut_off || mt_reason_is_interrupted(state->cut_off.reason)) {
        state_drop_cut_off(state);
        mt_event_copy(event, &state->cut_off);
        state->has_cut_off = true;
    }
}

/* What an earlier part of the run only left out, or was interrupted in, counts no more. */
static void state_add_started(struct mt_test_state *state)
{
    if (state->has_verdict && state->verdict.kind == MT_EVENT_SKIPPED) {
        state_drop_verdict(state);
    }
    if (state->has_cut_off && mt_reason_is_interrupted(state->cut_off.reason)) {
        state_drop_cut_off(state);
    }
    state->unfinished = true;
    state->under_way++;
}

static void state_add_skipped(struct mt_test_state *state, const struct mt_event *event)
{
    state_keep_verdict(state, event);
    state->left_out = state->left_out || !mt_reason_is_deferred(event->reason);
}

static void state_forget_attempts(struct mt_test_state *state)
{
    state->attempts = 0;
    free(mt_take_pointer(state->fault));
}

static void state_add_attempt(struct mt_test_state *state, const struct mt_event *event)
{
    if (state->attempts == 0) {
        state->attempts_of = event->repeat;
        state->fault = mt_text_copy(event->message);
    }
    state->attempts += event->repeat == state->attempts_of;
}

/* A resumed run may continue a repetition under another number, with the next attempt. */
static bool state_ends_attempts(const struct mt_test_state *state, const struct mt_event *event)
{
    return event->repeat == state->attempts_of ||
           (state->attempts > 0 && event->attempt == state->attempts + 1);
}

static void state_add_repetition(struct mt_test_state *state, const struct mt_event *event)
{
    state->left_out = state->left_out || mt_event_leaves_test_out(event);
    state->repetitions++;
    if (event->repeat > state->last_repetition) {
        state->last_repetition = event->repeat;
    }
    state->failures += mt_outcome_fails_run(mt_event_outcome(event));
    if (state_ends_attempts(state, event)) {
        state_forget_attempts(state);
    }
}

static void state_add_finished(struct mt_test_state *state, const struct mt_event *event)
{
    bool cut_off = mt_reason_is_cut_off(event->reason);
    bool decided = !cut_off && !mt_reason_is_undecided(event->reason);

    if (event->final != 0 && cut_off) {
        state_keep_cut_off(state, event);
    } else if (event->final != 0) {
        state_keep_verdict(state, event);
    }
    if (state->under_way > 0) {
        state->under_way--;
        state->without_verdict += !decided;
    }
    if (!decided) {
        return;
    }
    state->unfinished = state->under_way + state->without_verdict > 0;
    if (event->final != 0) {
        state_add_repetition(state, event);
    } else {
        state_add_attempt(state, event);
    }
}

void mt_test_state_add(struct mt_test_state *state, const struct mt_event *event)
{
    switch (event->kind) {
    case MT_EVENT_PLANNED:
        state->planned = true;
        break;
    case MT_EVENT_STARTED:
        state_add_started(state);
        break;
    case MT_EVENT_SKIPPED:
        state_add_skipped(state, event);
        break;
    case MT_EVENT_FINISHED:
        state_add_finished(state, event);
        break;
    default:
        break;
    }
}

void mt_test_state_resume(struct mt_test_state *state)
{
    state_drop_cut_off(state);
    state->under_way = 0;
    state->without_verdict = 0;
}

void mt_test_state_break_off(struct mt_test_state *state)
{
    const struct mt_event *ending = mt_test_state_ending(state);

    if (state->under_way > 0 && ending != NULL && !mt_event_is_bad(ending)) {
        state_drop_verdict(state);
        state_drop_cut_off(state);
    }
}

void mt_test_state_clear(struct mt_test_state *state)
{
    state_drop_verdict(state);
    state_drop_cut_off(state);
    free(state->fault);
    *state = (struct mt_test_state){0};
}

const struct mt_event *mt_test_state_ending(const struct mt_test_state *state)
{
    if (state->has_cut_off) {
        bool hidden = mt_reason_is_interrupted(state->cut_off.reason) ? state->has_verdict
                                                                      : mt_test_state_is_bad(state);
        return hidden ? &state->verdict : &state->cut_off;
    }
    return state->has_verdict ? &state->verdict : NULL;
}

bool mt_test_state_is_bad(const struct mt_test_state *state)
{
    return state->has_verdict && mt_event_is_bad(&state->verdict);
}

bool mt_test_state_needs_rerun(const struct mt_test_state *state)
{
    return mt_test_state_is_bad(state) || state->unfinished || state->attempts > 0;
}

bool mt_event_leaves_test_out(const struct mt_event *event)
{
    return event->kind == MT_EVENT_SKIPPED ||
           (event->kind == MT_EVENT_FINISHED && event->final != 0 && event->attempt == 0);
}
