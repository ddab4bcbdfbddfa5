/* SPDX-License-Identifier: Apache-2.0 */
/* Which of a test's attempts and repetitions decides, and what is counted apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/merge.h"

static void plan(struct mt_results *results, const char *test)
{
    mt_results_add(
        results, &(struct mt_event){.kind = MT_EVENT_PLANNED, .id = {"precopy", "precopy", test}});
}

static void end(struct mt_results *results, const char *test, struct mt_event event)
{
    event.kind = event.kind != 0 ? event.kind : MT_EVENT_FINISHED;
    event.id.plugin = event.id.group = "precopy";
    event.id.test = test;
    mt_results_add(results, &event);
}

static void the_final_attempt_counts_and_the_others_are_kept(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "x");
    end(&results, "x",
        (struct mt_event){
            .attempt = 1, .outcome = "failed", .message = "first", .output = "what it said"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_ERROR);
    end(&results, "x",
        (struct mt_event){
            .attempt = 2, .final = 1, .outcome = "passed", .reason = "flaky", .output = "fine"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_FLAKY);
    assert_int_equal(results.cases[0].attempt_count, 2);
    assert_string_equal(results.cases[0].attempts[0].output, "what it said");
    assert_null(results.cases[0].attempts[1].output);
    struct mt_counts counts = mt_results_count(&results);
    assert_int_equal(counts.passed, 1);
    assert_int_equal(counts.flaky, 1);
    assert_int_equal(counts.failed, 0);
    mt_results_clear(&results);
}

static void the_worst_repetition_counts(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "x");
    for (int repeat = 1; repeat <= 4; repeat++) {
        end(&results, "x",
            (struct mt_event){.repeat = repeat,
                              .final = 1,
                              .outcome = repeat == 3 ? "error" : "passed",
                              .reason = repeat == 2 ? "flaky" : NULL});
        if (repeat == 2) {
            assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_FLAKY);
        }
    }
    assert_int_equal(results.case_count, 1);
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_ERROR);
    assert_int_equal(mt_case_ending(&results.cases[0])->repeat, 3);
    mt_results_clear(&results);
}

/* In whichever order they ended: the test could run here, and nothing is lacking. */
static void a_skipped_repetition_does_not_hide_one_that_passed(void **state)
{
    static const char *const orders[][2] = {{"passed", "skipped"}, {"skipped", "passed"}};

    (void)state;
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        struct mt_results results = {0};
        plan(&results, "x");
        for (int64_t repeat = 1; repeat <= 2; repeat++) {
            const char *outcome = orders[i][repeat - 1];
            bool skipped = strcmp(outcome, "skipped") == 0;
            end(&results, "x",
                (struct mt_event){.repeat = repeat,
                                  .final = 1,
                                  .outcome = outcome,
                                  .reason = skipped ? "undecided" : NULL});
        }
        assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_PASSED);
        assert_int_equal(mt_results_count(&results).missing, 0);
        mt_results_clear(&results);
    }
}

/* However many of a side a test starts. */
static void which_qemus_ran_is_noted_once(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "x");
    end(&results, "x", (struct mt_event){.kind = MT_EVENT_STARTED, .attempt = 1});
    for (int start = 0; start < 2; start++) {
        end(&results, "x",
            (struct mt_event){.kind = MT_EVENT_QEMU_GREETED,
                              .side = "source",
                              .version = "10.0.2",
                              .build_id = "4711"});
        end(&results, "x",
            (struct mt_event){
                .kind = MT_EVENT_QEMU_GREETED, .side = "destination", .version = "7.2.22"});
    }
    const struct mt_strings *notes = &results.cases[0].notes;
    assert_int_equal(notes->count, 2);
    assert_string_equal(notes->items[0], "source: QEMU 10.0.2, build id 4711");
    assert_string_equal(notes->items[1], "destination: QEMU 7.2.22, build id unknown");
    mt_results_clear(&results);
}

static void quarantine_is_counted_apart(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "bad");
    plan(&results, "good");
    end(&results, "bad",
        (struct mt_event){.final = 1, .outcome = "failed", .quarantine = "bug 4711"});
    end(&results, "good",
        (struct mt_event){.final = 1, .outcome = "passed", .quarantine = "bug 4712"});
    struct mt_counts counts = mt_results_count(&results);
    assert_int_equal(counts.failed, 0);
    assert_int_equal(counts.quarantined, 1);
    assert_int_equal(counts.passed, 1);
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_QUARANTINED);
    mt_results_clear(&results);
}

/* A run that goes on runs the test that was under way. */
static void an_interrupted_attempt_is_forgotten_for_a_later_one(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "x");
    end(&results, "x", (struct mt_event){.final = 1, .outcome = "error", .reason = "interrupted"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_ERROR);
    end(&results, "x", (struct mt_event){.final = 1, .outcome = "passed"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_PASSED);
    mt_results_clear(&results);
}

/* Ctrl-C in "x" and before "y", then --resume, which dies in "y". */
static void a_run_that_goes_on_and_dies_did_not_end(void **state)
{
    struct mt_results results = {0};
    const struct mt_event interrupted = {.final = 1, .outcome = "error", .reason = "interrupted"};

    (void)state;
    plan(&results, "x");
    plan(&results, "y");
    end(&results, "x", interrupted);
    end(&results, "y",
        (struct mt_event){.kind = MT_EVENT_SKIPPED, .outcome = "skipped", .reason = "interrupted"});
    mt_results_add(&results, &(struct mt_event){.kind = MT_EVENT_RUN_FINISHED, .status = 130});
    mt_results_add(&results, &(struct mt_event){.kind = MT_EVENT_RUN_RESUMED});
    assert_false(results.over);
    end(&results, "x", (struct mt_event){.kind = MT_EVENT_STARTED});
    end(&results, "x", (struct mt_event){.final = 1, .outcome = "passed"});
    end(&results, "y", (struct mt_event){.kind = MT_EVENT_STARTED});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_PASSED);
    assert_int_equal(mt_case_outcome(&results.cases[1]), MT_OUTCOME_ERROR);
    assert_false(results.cases[1].state.has_verdict);
    mt_results_clear(&results);
}

/* The host was killed in the second repetition of a test whose first had passed. */
static void a_repetition_does_not_hide_one_that_died(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "x");
    end(&results, "x", (struct mt_event){.kind = MT_EVENT_STARTED, .repeat = 1, .attempt = 1});
    end(&results, "x", (struct mt_event){.kind = MT_EVENT_STARTED, .repeat = 2, .attempt = 1});
    end(&results, "x",
        (struct mt_event){.repeat = 1, .attempt = 1, .final = 1, .outcome = "passed"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_PASSED);
    mt_results_end(&results);
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_ERROR);

    mt_results_add(&results, &(struct mt_event){.kind = MT_EVENT_RUN_RESUMED});
    end(&results, "x", (struct mt_event){.kind = MT_EVENT_STARTED, .repeat = 3, .attempt = 1});
    end(&results, "x",
        (struct mt_event){.repeat = 3, .attempt = 1, .final = 1, .outcome = "passed"});
    mt_results_end(&results);
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_PASSED);
    mt_results_clear(&results);
}

/* Nor does one that a run which goes on begins with its second attempt. */
static void a_late_attempt_does_not_hide_one_that_died(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "x");
    end(&results, "x", (struct mt_event){.kind = MT_EVENT_STARTED, .repeat = 1, .attempt = 1});
    end(&results, "x", (struct mt_event){.repeat = 1, .attempt = 1, .outcome = "failed"});
    mt_results_add(&results, &(struct mt_event){.kind = MT_EVENT_RUN_RESUMED});
    end(&results, "x", (struct mt_event){.kind = MT_EVENT_STARTED, .repeat = 1, .attempt = 2});
    end(&results, "x", (struct mt_event){.kind = MT_EVENT_STARTED, .repeat = 2, .attempt = 1});
    end(&results, "x",
        (struct mt_event){.repeat = 1, .attempt = 2, .final = 1, .outcome = "passed"});
    mt_results_end(&results);
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_ERROR);
    mt_results_clear(&results);
}

/* Somebody ended its QEMU, another repetition failed by itself, and the run was gone on with. */
static void what_was_cut_off_hides_no_failure(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "x");
    end(&results, "x",
        (struct mt_event){
            .repeat = 1, .attempt = 1, .final = 1, .outcome = "error", .reason = "stopped"});
    end(&results, "x",
        (struct mt_event){
            .repeat = 2, .attempt = 1, .final = 1, .outcome = "failed", .reason = "assertion"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_FAILED);
    mt_results_add(&results, &(struct mt_event){.kind = MT_EVENT_RUN_RESUMED});
    end(&results, "x",
        (struct mt_event){.repeat = 3, .attempt = 1, .final = 1, .outcome = "passed"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_FAILED);
    mt_results_clear(&results);
}

static void what_was_cut_off_hides_no_flake(void **state)
{
    struct mt_results results = {0};

    (void)state;
    plan(&results, "x");
    end(&results, "x",
        (struct mt_event){
            .repeat = 1, .attempt = 2, .final = 1, .outcome = "passed", .reason = "flaky"});
    end(&results, "x",
        (struct mt_event){
            .repeat = 2, .attempt = 1, .final = 1, .outcome = "error", .reason = "stopped"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_ERROR);
    mt_results_add(&results, &(struct mt_event){.kind = MT_EVENT_RUN_RESUMED});
    end(&results, "x",
        (struct mt_event){.repeat = 3, .attempt = 1, .final = 1, .outcome = "passed"});
    assert_int_equal(mt_case_outcome(&results.cases[0]), MT_OUTCOME_FLAKY);
    mt_results_clear(&results);
}

/* A run died in the test that another only skipped. */
static void a_skip_makes_up_for_nothing_that_was_run(void **state)
{
    struct mt_results runs[2] = {0};
    struct mt_results_list list = {.items = runs, .count = 2};

    (void)state;
    plan(&runs[0], "x");
    end(&runs[0], "x", (struct mt_event){.kind = MT_EVENT_STARTED});
    plan(&runs[1], "x");
    end(&runs[1], "x",
        (struct mt_event){.kind = MT_EVENT_SKIPPED, .outcome = "skipped", .reason = "kvm"});
    mt_results_add(&runs[1], &(struct mt_event){.kind = MT_EVENT_RUN_FINISHED});
    mt_results_list_merge(&list);
    assert_false(runs[0].cases[0].in_other_journal);
    assert_int_equal(mt_results_list_count(&list).errors, 1);
    mt_results_clear(&runs[0]);
    mt_results_clear(&runs[1]);
}

/* What was left out on purpose is not lacking. */
static void only_lacks_count_against_max_skips(void **state)
{
    static const struct {
        const char *reason;
        enum mt_event_kind kind;
        size_t lacks;
    } examples[] = {
        {"kvm", MT_EVENT_SKIPPED, 1},       {"test", MT_EVENT_FINISHED, 1},
        {"slow", MT_EVENT_SKIPPED, 0},      {"interrupted", MT_EVENT_SKIPPED, 0},
        {"fail-fast", MT_EVENT_SKIPPED, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct mt_results results = {0};
        plan(&results, "x");
        end(&results, "x",
            (struct mt_event){.kind = examples[i].kind,
                              .final = 1,
                              .outcome = "skipped",
                              .reason = examples[i].reason});
        assert_int_equal(mt_results_count(&results).missing, examples[i].lacks);
        mt_results_clear(&results);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_final_attempt_counts_and_the_others_are_kept),
        cmocka_unit_test(the_worst_repetition_counts),
        cmocka_unit_test(a_skipped_repetition_does_not_hide_one_that_passed),
        cmocka_unit_test(which_qemus_ran_is_noted_once),
        cmocka_unit_test(quarantine_is_counted_apart),
        cmocka_unit_test(an_interrupted_attempt_is_forgotten_for_a_later_one),
        cmocka_unit_test(a_run_that_goes_on_and_dies_did_not_end),
        cmocka_unit_test(a_repetition_does_not_hide_one_that_died),
        cmocka_unit_test(a_late_attempt_does_not_hide_one_that_died),
        cmocka_unit_test(what_was_cut_off_hides_no_failure),
        cmocka_unit_test(what_was_cut_off_hides_no_flake),
        cmocka_unit_test(a_skip_makes_up_for_nothing_that_was_run),
        cmocka_unit_test(only_lacks_count_against_max_skips),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
