/* SPDX-License-Identifier: Apache-2.0 */
/* TAP, annotations, the live line, and what several journals say together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "report/github.h"
#include "report/live.h"
#include "report/merge.h"
#include "report/shards.h"
#include "report/tap.h"
#include "report/terminal.h"

static void begin(struct mt_results *results, const char *shard)
{
    mt_results_add(results, &(struct mt_event){.kind = MT_EVENT_RUN_STARTED,
                                               .time = 1800000000,
                                               .format = MT_JOURNAL_FORMAT,
                                               .shard = shard});
}

static void plan(struct mt_results *results, const char *test)
{
    mt_results_add(results, &(struct mt_event){.kind = MT_EVENT_PLANNED, .id = {"fd", "fd", test}});
}

static void end(struct mt_results *results, const char *test, const char *outcome,
                const char *message)
{
    plan(results, test);
    mt_results_add(results, &(struct mt_event){.kind = MT_EVENT_FINISHED,
                                               .id = {"fd", "fd", test},
                                               .attempt = 1,
                                               .final = 1,
                                               .outcome = outcome,
                                               .reason = "assertion",
                                               .message = message,
                                               .file = "a,b.c",
                                               .line = 7});
}

static void finish(struct mt_results *results)
{
    mt_results_add(results, &(struct mt_event){.kind = MT_EVENT_RUN_FINISHED, .seconds = 2});
}

static void finish_by_signal(struct mt_results *results)
{
    mt_results_add(results, &(struct mt_event){
                                .kind = MT_EVENT_RUN_FINISHED, .signal = "TERM", .status = 143});
}

static void put_off(struct mt_results *results, const char *test, const char *reason)
{
    plan(results, test);
    mt_results_add(results, &(struct mt_event){.kind = MT_EVENT_SKIPPED,
                                               .id = {"fd", "fd", test},
                                               .outcome = "skipped",
                                               .reason = reason});
}

static void clear_two(struct mt_results runs[2])
{
    mt_results_clear(&runs[0]);
    mt_results_clear(&runs[1]);
}

static void leave_out(struct mt_results *results, int64_t count)
{
    mt_results_add(results, &(struct mt_event){.kind = MT_EVENT_NOT_SELECTED, .count = count});
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("there is no \"%s\" in: %s", part, text);
    }
}

static void tap_tells_what_a_parser_needs(void **state)
{
    struct mt_results results = {0};

    (void)state;
    begin(&results, NULL);
    end(&results, "good", "passed", NULL);
    /* TAP takes "# TODO" behind a name for a directive, which excuses a failure: it is escaped. */
    end(&results, "odd # TODO \\name", "failed", "it said \"no\"\nand again");
    plan(&results, "elsewhere");
    mt_results_add(&results, &(struct mt_event){.kind = MT_EVENT_SKIPPED,
                                                .id = {"fd", "fd", "elsewhere"},
                                                .reason = "kvm",
                                                .message = "no KVM"});
    MT_AUTO_FREE char *text = mt_tap_text(&(struct mt_results_list){&results, 1});
    assert_ptr_equal(strstr(text, "TAP version 14\n1..3\nok 1 - fd:good\n  ---\n"), text);
    assert_has(text, "\nnot ok 2 - fd:odd \\# TODO \\\\name\n");
    assert_has(text, "\n  message: \"it said \\\"no\\\"\\nand again\"\n");
    assert_has(text, "\nok 3 - fd:elsewhere # SKIP kvm: no KVM\n");
    mt_results_clear(&results);
}

static void tap_has_a_point_for_a_run_that_failed_by_itself(void **state)
{
    struct mt_results results = {0};

    (void)state;
    begin(&results, NULL);
    end(&results, "good", "passed", NULL);
    mt_results_add(&results, &(struct mt_event){.kind = MT_EVENT_RUN_FINISHED,
                                                .message = "5 tests were skipped, 4 may be"});
    MT_AUTO_FREE char *text = mt_tap_text(&(struct mt_results_list){&results, 1});
    assert_ptr_equal(strstr(text, "TAP version 14\n1..2\nok 1 - fd:good\n"), text);
    assert_has(text, "\nnot ok 2 - run:judgement\n  ---\n"
                     "  message: \"5 tests were skipped, 4 may be\"\n");
    mt_results_clear(&results);
}

static void annotations_are_escaped(void **state)
{
    struct mt_results results = {0};
    MT_AUTO_FREE char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    begin(&results, NULL);
    end(&results, "good", "passed", NULL);
    end(&results, "bad", "failed", "50% of it\n::error::is wrong");
    mt_github_print(out, &(struct mt_results_list){&results, 1});
    fclose(out);
    assert_string_equal(text, "::error title=fd%3Abad failed,file=a%2Cb.c,line=7::50%25 of it%0A"
                              "::error::is wrong\n");
    mt_results_clear(&results);
}

static void live_line_tells_what_runs_and_fits(void **state)
{
    struct mt_live live = {.on = true};
    const struct mt_event events[] = {
        {.kind = MT_EVENT_RUN_STARTED, .time = 100},
        {.kind = MT_EVENT_PLANNED, .id = {.plugin = "fd", .test = "a"}},
        {.kind = MT_EVENT_PLANNED, .id = {.plugin = "fd", .test = "b"}},
        {.kind = MT_EVENT_STARTED, .id = {.plugin = "fd", .test = "a"}, .time = 101, .attempt = 1},
        {.kind = MT_EVENT_STARTED, .id = {.plugin = "fd", .test = "b"}, .time = 102, .attempt = 2},
        {.kind = MT_EVENT_WAITING,
         .id = {.plugin = "fd", .test = "b"},
         .what = "event STOP",
         .side = "source"},
        {.kind = MT_EVENT_FINISHED,
         .id = {.plugin = "fd", .test = "a"},
         .outcome = "failed",
         .final = 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        mt_live_event(&live, &events[i]);
    }
    MT_AUTO_FREE char *text = mt_live_text(&live, 105, 200);
    assert_string_equal(text, "     Running [       5s] 1/2, 1 went wrong | fd:b 3s, attempt 2: "
                              "event STOP (source)");
    MT_AUTO_FREE char *narrow = mt_live_text(&live, 105, 20);
    assert_string_equal(narrow, "     Running [      ");
    live.rounds = 5;
    MT_AUTO_FREE char *repeated = mt_live_text(&live, 105, 29);
    assert_string_equal(repeated, "     Running [       5s] 1/10");
    live.endless = true;
    MT_AUTO_FREE char *endless = mt_live_text(&live, 105, 27);
    assert_string_equal(endless, "     Running [       5s] 1,");
    mt_live_end(&live, stdout);
}

static char *printed(const struct mt_event *events, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    struct mt_terminal terminal = {.out = open_memstream(&text, &size), .verbose = true};

    for (size_t i = 0; i < count; i++) {
        mt_terminal_event(&terminal, &events[i]);
    }
    mt_live_end(&terminal.live, terminal.out);
    fclose(terminal.out);
    return text;
}

/* Whatever a plugin is called or says: no escape sequence, no command for the CI. */
static void what_is_printed_is_only_text(void **state)
{
    const struct mt_event events[] = {
        {.kind = MT_EVENT_SKIPPED,
         .id = {.plugin = "fd", .test = "##[error]"},
         .message = "no\n::error::x"},
        {.kind = MT_EVENT_PLUGIN_DISABLED, .id.plugin = "a\x1b[2J", .message = "b\x1b[2J"},
        {.kind = MT_EVENT_NOTE, .id.test = "\xc2\xa0::add-mask::a", .key = "k", .value = "v"},
        {.kind = MT_EVENT_WAITING, .id.test = "t", .what = "event \x1b]0;x", .side = "source"},
    };

    (void)state;
    MT_AUTO_FREE char *text = printed(events, sizeof(events) / sizeof(events[0]));
    assert_null(strchr(text, '\x1b'));
    assert_has(text, "fd:#\\#[error]");
    assert_has(text, "\\::error::x");
    assert_has(text, "\\::add-mask::a");
}

static void live_line_has_no_escape_sequences(void **state)
{
    struct mt_live live = {.on = true};
    const struct mt_event events[] = {
        {.kind = MT_EVENT_STARTED, .id = {.plugin = "fd", .test = "b"}, .time = 102, .attempt = 1},
        {.kind = MT_EVENT_WAITING,
         .id = {.plugin = "fd", .test = "b"},
         .what = "event \x1b[2J\n",
         .side = "source"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        mt_live_event(&live, &events[i]);
    }
    MT_AUTO_FREE char *text = mt_live_text(&live, 105, 200);
    assert_has(text, "event \\x1b[2J\\x0a (source)");
    mt_live_end(&live, stdout);
}

/* Two of three shards, of a manifest with six tests. */
static void shards_add_up_and_a_missing_one_is_missed(void **state)
{
    struct mt_results shards[2] = {{0}, {0}};
    struct mt_results_list list = {shards, 2};

    (void)state;
    begin(&shards[0], "1/3");
    leave_out(&shards[0], 4);
    end(&shards[0], "a", "passed", NULL);
    end(&shards[0], "b", "passed", NULL);
    finish(&shards[0]);
    begin(&shards[1], "3/3");
    leave_out(&shards[1], 4);
    end(&shards[1], "c", "failed", "no");
    end(&shards[1], "d", "passed", NULL);
    finish(&shards[1]);
    mt_results_list_merge(&list);
    assert_int_equal(mt_results_list_count(&list).tests, 4);
    assert_int_equal(mt_results_list_count(&list).failed, 1);
    assert_int_equal(mt_results_list_not_selected(&list), 2);
    MT_AUTO_FREE char *missing = mt_shards_missing(&list);
    assert_string_equal(missing, "no journal is of shard 2/3");
    clear_two(shards);
}

/* An agent died, and another ran its shard again: only what went wrong before stays. */
static void run_that_died_is_made_up_for(void **state)
{
    struct mt_results runs[2] = {{0}, {0}};
    struct mt_results_list list = {runs, 2};

    (void)state;
    begin(&runs[0], NULL);
    end(&runs[0], "a", "passed", NULL);
    end(&runs[0], "b", "failed", "no");
    plan(&runs[0], "c");
    begin(&runs[1], NULL);
    end(&runs[1], "a", "passed", NULL);
    end(&runs[1], "b", "passed", NULL);
    end(&runs[1], "c", "passed", NULL);
    finish(&runs[1]);
    mt_results_list_merge(&list);
    assert_int_equal(mt_results_list_count(&list).tests, 4);
    assert_int_equal(mt_results_list_count(&list).failed, 1);
    assert_int_equal(mt_results_list_count(&list).errors, 0);
    assert_true(mt_results_are_completed(&runs[0]));
    clear_two(runs);
}

/* An agent was drained, with a test under way, and its shard was run again. */
static void run_that_was_ended_is_made_up_for(void **state)
{
    struct mt_results runs[2] = {{0}, {0}};
    struct mt_results_list list = {runs, 2};

    (void)state;
    begin(&runs[0], NULL);
    end(&runs[0], "a", "passed", NULL);
    plan(&runs[0], "b");
    mt_results_add(&runs[0], &(struct mt_event){.kind = MT_EVENT_FINISHED,
                                                .id = {"fd", "fd", "b"},
                                                .attempt = 1,
                                                .final = 1,
                                                .outcome = "error",
                                                .reason = "interrupted"});
    put_off(&runs[0], "c", "interrupted");
    finish_by_signal(&runs[0]);
    begin(&runs[1], NULL);
    end(&runs[1], "a", "passed", NULL);
    end(&runs[1], "b", "passed", NULL);
    end(&runs[1], "c", "failed", "no");
    finish(&runs[1]);
    mt_results_list_merge(&list);
    assert_int_equal(mt_results_list_count(&list).tests, 3);
    assert_int_equal(mt_results_list_count(&list).passed, 2);
    assert_int_equal(mt_results_list_count(&list).failed, 1);
    assert_true(mt_results_are_completed(&runs[0]));
    clear_two(runs);
}

/* What --fail-fast left out before the signal came ran nowhere. */
static void what_fail_fast_left_out_is_not_made_up_for(void **state)
{
    struct mt_results runs[2] = {{0}, {0}};
    struct mt_results_list list = {runs, 2};

    (void)state;
    begin(&runs[0], NULL);
    plan(&runs[0], "a");
    put_off(&runs[0], "b", "fail-fast");
    finish_by_signal(&runs[0]);
    begin(&runs[1], NULL);
    end(&runs[1], "a", "passed", NULL);
    finish(&runs[1]);
    mt_results_list_merge(&list);
    assert_true(runs[0].cases[0].in_other_journal);
    assert_false(mt_results_are_completed(&runs[0]));
    clear_two(runs);
}

/* It died before it tried a test again that had failed: that it passes elsewhere hides nothing. */
static void attempt_that_failed_stays_where_the_run_died(void **state)
{
    struct mt_results runs[2] = {{0}, {0}};
    struct mt_results_list list = {runs, 2};

    (void)state;
    begin(&runs[0], NULL);
    plan(&runs[0], "a");
    mt_results_add(&runs[0], &(struct mt_event){.kind = MT_EVENT_FINISHED,
                                                .id = {"fd", "fd", "a"},
                                                .attempt = 1,
                                                .outcome = "failed",
                                                .message = "no"});
    begin(&runs[1], NULL);
    end(&runs[1], "a", "passed", NULL);
    finish(&runs[1]);
    mt_results_list_merge(&list);
    assert_int_equal(mt_results_list_count(&list).tests, 2);
    assert_int_equal(mt_results_list_count(&list).errors, 1);
    assert_false(mt_results_are_completed(&runs[0]));
    clear_two(runs);
}

static void assert_made_up_for(bool expected, const char *left, const char *right)
{
    struct mt_results runs[2] = {{0}, {0}};
    struct mt_results_list list = {runs, 2};

    mt_results_add(&runs[0], &(struct mt_event){.kind = MT_EVENT_RUN_STARTED, .manifest = left});
    plan(&runs[0], "a");
    mt_results_add(&runs[1], &(struct mt_event){.kind = MT_EVENT_RUN_STARTED, .manifest = right});
    end(&runs[1], "a", "passed", NULL);
    finish(&runs[1]);
    mt_results_list_merge(&list);
    assert_int_equal(mt_results_are_completed(&runs[0]), expected);
    clear_two(runs);
}

static void manifests_without_a_name_have_that_of_their_file(void **state)
{
    (void)state;
    assert_made_up_for(true, "/one/agent/nightly.yaml", "/another/nightly.yaml");
    assert_made_up_for(false, "seabios.yaml", "none.yaml");
}

/* What passes with one QEMU is no word on another. */
static void run_of_another_qemu_makes_up_for_nothing(void **state)
{
    struct mt_results runs[2] = {{0}, {0}};
    struct mt_results_list list = {runs, 2};

    (void)state;
    mt_results_add(&runs[0],
                   &(struct mt_event){.kind = MT_EVENT_RUN_STARTED, .source_version = "7.2.0"});
    plan(&runs[0], "a");
    mt_results_add(&runs[1],
                   &(struct mt_event){.kind = MT_EVENT_RUN_STARTED, .source_version = "10.0.2"});
    end(&runs[1], "a", "passed", NULL);
    finish(&runs[1]);
    mt_results_list_merge(&list);
    assert_false(mt_results_are_completed(&runs[0]));
    assert_int_equal(mt_results_list_count(&list).errors, 1);
    clear_two(runs);
}

/* Of two runs that both died each test is told once, whoever had it. */
static void two_runs_that_died_lose_nothing(void **state)
{
    struct mt_results runs[2] = {{0}, {0}};
    struct mt_results_list list = {runs, 2};

    (void)state;
    begin(&runs[0], NULL);
    end(&runs[0], "a", "passed", NULL);
    plan(&runs[0], "b");
    begin(&runs[1], NULL);
    end(&runs[1], "a", "passed", NULL);
    end(&runs[1], "b", "passed", NULL);
    mt_results_list_merge(&list);
    assert_int_equal(mt_results_list_count(&list).tests, 2);
    assert_int_equal(mt_results_list_count(&list).passed, 2);
    clear_two(runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tap_tells_what_a_parser_needs),
        cmocka_unit_test(tap_has_a_point_for_a_run_that_failed_by_itself),
        cmocka_unit_test(annotations_are_escaped),
        cmocka_unit_test(live_line_tells_what_runs_and_fits),
        cmocka_unit_test(live_line_has_no_escape_sequences),
        cmocka_unit_test(what_is_printed_is_only_text),
        cmocka_unit_test(shards_add_up_and_a_missing_one_is_missed),
        cmocka_unit_test(run_that_died_is_made_up_for),
        cmocka_unit_test(run_that_was_ended_is_made_up_for),
        cmocka_unit_test(what_fail_fast_left_out_is_not_made_up_for),
        cmocka_unit_test(attempt_that_failed_stays_where_the_run_died),
        cmocka_unit_test(manifests_without_a_name_have_that_of_their_file),
        cmocka_unit_test(run_of_another_qemu_makes_up_for_nothing),
        cmocka_unit_test(two_runs_that_died_lose_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
