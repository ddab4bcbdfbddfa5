/* SPDX-License-Identifier: Apache-2.0 */
/* What a journal says of a test: what failed in it, and how much of it is left to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/history.h"

static void add(struct mt_history *history, enum mt_event_kind kind, struct mt_event event)
{
    event.kind = kind;
    event.id.plugin = event.id.group = "precopy";
    event.id.test = event.id.test != NULL ? event.id.test : "x";
    mt_history_add(history, &event);
}

static bool failed(const struct mt_history *history)
{
    return mt_history_failed(history, &(struct mt_test_id){.plugin = "precopy", .test = "x"});
}

static void a_failure_that_counts_is_one(void **state)
{
    struct mt_history history = {0};

    (void)state;
    add(&history, MT_EVENT_PLANNED, (struct mt_event){0});
    assert_false(failed(&history));
    add(&history, MT_EVENT_STARTED, (struct mt_event){.attempt = 1});
    assert_true(failed(&history));
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.attempt = 1, .outcome = "failed", .message = "why"});
    assert_true(failed(&history));
    const struct mt_test_state *past =
        mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "x"});
    assert_int_equal(past->attempts, 1);
    assert_int_equal(past->repetitions, 0);
    assert_string_equal(past->fault, "why");
    add(&history, MT_EVENT_STARTED, (struct mt_event){.attempt = 2});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.attempt = 2, .final = 1, .outcome = "passed"});
    assert_false(failed(&history));
    past = mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "x"});
    assert_int_equal(past->repetitions, 1);
    assert_int_equal(past->attempts, 0);
    mt_history_clear(&history);
}

/* One of two that ran beside each other was under way when the host died, and the other passed. */
static void a_repetition_does_not_hide_one_under_way(void **state)
{
    struct mt_history history = {0};

    (void)state;
    add(&history, MT_EVENT_STARTED, (struct mt_event){.repeat = 1, .attempt = 1});
    add(&history, MT_EVENT_STARTED, (struct mt_event){.repeat = 2, .attempt = 1});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.repeat = 1, .attempt = 1, .final = 1, .outcome = "passed"});
    assert_true(failed(&history));
    mt_history_add(&history, &(struct mt_event){.kind = MT_EVENT_RUN_RESUMED});
    assert_true(failed(&history));
    add(&history, MT_EVENT_STARTED, (struct mt_event){.repeat = 2, .attempt = 1});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.repeat = 2, .attempt = 1, .final = 1, .outcome = "passed"});
    assert_false(failed(&history));
    mt_history_clear(&history);
}

/* Nor does one that a run which goes on begins with its second attempt. */
static void a_late_attempt_does_not_hide_one_under_way(void **state)
{
    struct mt_history history = {0};

    (void)state;
    add(&history, MT_EVENT_STARTED, (struct mt_event){.repeat = 1, .attempt = 1});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.repeat = 1, .attempt = 1, .outcome = "failed", .message = "why"});
    mt_history_add(&history, &(struct mt_event){.kind = MT_EVENT_RUN_RESUMED});
    add(&history, MT_EVENT_STARTED, (struct mt_event){.repeat = 1, .attempt = 2});
    add(&history, MT_EVENT_STARTED, (struct mt_event){.repeat = 2, .attempt = 1});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.repeat = 1, .attempt = 2, .final = 1, .outcome = "passed"});
    assert_true(failed(&history));
    mt_history_clear(&history);
}

/* One of two that ran beside each other was killed between its attempts. */
static void a_repetition_does_not_hide_the_attempts_of_another(void **state)
{
    struct mt_history history = {0};

    (void)state;
    add(&history, MT_EVENT_STARTED, (struct mt_event){.repeat = 1, .attempt = 1});
    add(&history, MT_EVENT_STARTED, (struct mt_event){.repeat = 2, .attempt = 1});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.repeat = 1, .attempt = 1, .outcome = "failed", .message = "why"});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.repeat = 2, .attempt = 1, .final = 1, .outcome = "passed"});
    const struct mt_test_state *past =
        mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "x"});
    assert_int_equal(past->repetitions, 1);
    assert_int_equal(past->last_repetition, 2);
    assert_int_equal(past->attempts, 1);
    assert_string_equal(past->fault, "why");
    mt_history_clear(&history);
}

/* It says nothing of the test, which is to be run when the run goes on. */
static void what_was_interrupted_has_not_been_run(void **state)
{
    struct mt_history history = {0};

    (void)state;
    add(&history, MT_EVENT_STARTED, (struct mt_event){.attempt = 1});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.attempt = 1, .final = 1, .outcome = "error", .reason = "interrupted"});
    add(&history, MT_EVENT_SKIPPED, (struct mt_event){.id.test = "y", .reason = "interrupted"});
    add(&history, MT_EVENT_SKIPPED, (struct mt_event){.id.test = "z", .reason = "kvm"});
    assert_int_equal(
        mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "x"})
            ->repetitions,
        0);
    assert_false(mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "x"})
                     ->left_out);
    assert_false(mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "y"})
                     ->left_out);
    assert_true(mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "z"})
                    ->left_out);
    assert_null(mt_history_find(
        &history, &(struct mt_test_id){.plugin = "precopy", .test = "never-planned"}));
    mt_history_clear(&history);
}

/* The host gave it no processor; it is to be run when the run goes on, and with --failed. */
static void what_is_undecided_has_not_been_run(void **state)
{
    struct mt_history history = {0};

    (void)state;
    add(&history, MT_EVENT_STARTED, (struct mt_event){.attempt = 1});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.attempt = 1, .final = 1, .outcome = "skipped", .reason = "undecided"});
    assert_true(failed(&history));
    const struct mt_test_state *past =
        mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "x"});
    assert_int_equal(past->repetitions, 0);
    assert_false(past->left_out);
    mt_history_add(&history, &(struct mt_event){.kind = MT_EVENT_RUN_RESUMED});
    add(&history, MT_EVENT_STARTED, (struct mt_event){.attempt = 1});
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.attempt = 1, .final = 1, .outcome = "passed"});
    assert_false(failed(&history));
    assert_int_equal(
        mt_history_find(&history, &(struct mt_test_id){.plugin = "precopy", .test = "x"})
            ->repetitions,
        1);
    mt_history_clear(&history);
}

static void tests_of_a_plugin_that_did_not_load_have_failed(void **state)
{
    struct mt_history history = {0};

    (void)state;
    add(&history, MT_EVENT_FINISHED,
        (struct mt_event){.id.test = "load", .final = 1, .outcome = "error"});
    assert_true(failed(&history));
    assert_false(mt_history_failed(&history, &(struct mt_test_id){.plugin = "fd", .test = "x"}));
    mt_history_clear(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_that_counts_is_one),
        cmocka_unit_test(a_repetition_does_not_hide_one_under_way),
        cmocka_unit_test(a_late_attempt_does_not_hide_one_under_way),
        cmocka_unit_test(a_repetition_does_not_hide_the_attempts_of_another),
        cmocka_unit_test(what_was_interrupted_has_not_been_run),
        cmocka_unit_test(what_is_undecided_has_not_been_run),
        cmocka_unit_test(tests_of_a_plugin_that_did_not_load_have_failed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
