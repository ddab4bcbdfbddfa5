/* SPDX-License-Identifier: Apache-2.0 */
/* Which test begins when: slots, weights, tests that run alone, rounds, shuffling, going on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "runner/schedule.h"

enum { MOST = 16 };

/* A plan of tests that are described by a word each. */
struct example {
    struct mt_manifest_plugin entry;
    struct mt_surveyed_plugin plugin;
    struct mt_planned tests[MOST];
    char names[MOST][8];
    struct mt_plan_list plan;
    struct mt_schedule schedule;
};

static const char *description(char word)
{
    switch (word) {
    case 'a':
        return "{\"alone\": true}";
    case '2':
        return "{\"weight\": 2}";
    case '9':
        return "{\"weight\": 9}";
    default:
        return "{}";
    }
}

static struct example *example(const char *words, unsigned slots, int64_t rounds, int64_t seed,
                               const struct mt_history *history)
{
    struct example *one = mt_alloc(1, sizeof(*one));

    one->entry.name = "precopy";
    one->plugin.entry = &one->entry;
    one->plan = (struct mt_plan_list){.tests = one->tests, .count = strlen(words)};
    for (size_t i = 0; words[i] != '\0'; i++) {
        snprintf(one->names[i], sizeof(one->names[i]), "%zu", i);
        one->tests[i] =
            (struct mt_planned){.plugin = &one->plugin,
                                .id = {"precopy", "precopy", one->names[i]},
                                .description = json_loads(description(words[i]), 0, NULL)};
    }
    mt_schedule_init(&one->schedule, &one->plan, slots, rounds, seed, NULL, history);
    for (size_t i = 0; words[i] != '\0'; i++) {
        one->schedule.states[i].decided = true;
    }
    return one;
}

static void forget(struct example *one)
{
    for (size_t i = 0; i < one->plan.count; i++) {
        json_decref((json_t *)(uintptr_t)one->tests[i].description);
    }
    mt_schedule_clear(&one->schedule);
    free(one);
}

/* All that may begin now, as a text of indices. */
static const char *begin(struct example *one)
{
    static char begun[MOST + 1];
    size_t index;
    size_t count = 0;

    while (count < MOST && mt_schedule_begin(&one->schedule, &index)) {
        begun[count++] = (char)('0' + index);
    }
    begun[count] = '\0';
    return begun;
}

static void end(struct example *one, const char *indices)
{
    for (; *indices != '\0'; indices++) {
        mt_schedule_end(&one->schedule, (size_t)(*indices - '0'));
    }
}

static void as_many_run_as_there_are_slots(void **state)
{
    struct example *one = example(".....", 2, 1, 0, NULL);

    (void)state;
    assert_string_equal(begin(one), "01");
    end(one, "0");
    assert_string_equal(begin(one), "2");
    end(one, "12");
    assert_string_equal(begin(one), "34");
    end(one, "34");
    assert_string_equal(begin(one), "");
    assert_true(mt_schedule_is_over(&one->schedule));
    forget(one);
}

/* A heavy test lets lighter ones pass, and runs by itself where it is heavier than all slots. */
static void heavy_tests_take_the_room_they_ask_for(void **state)
{
    struct example *one = example(".2.9", 2, 1, 0, NULL);

    (void)state;
    assert_string_equal(begin(one), "02");
    end(one, "0");
    assert_string_equal(begin(one), "");
    end(one, "2");
    assert_string_equal(begin(one), "1");
    end(one, "1");
    assert_string_equal(begin(one), "3");
    end(one, "3");
    assert_string_equal(begin(one), "");
    assert_true(mt_schedule_is_over(&one->schedule));
    forget(one);
}

static void who_wants_the_machine_alone_comes_last_and_gets_it(void **state)
{
    struct example *one = example("a.a.", 4, 1, 0, NULL);

    (void)state;
    assert_string_equal(begin(one), "13");
    end(one, "1");
    assert_string_equal(begin(one), "");
    end(one, "3");
    assert_string_equal(begin(one), "0");
    end(one, "0");
    assert_string_equal(begin(one), "2");
    end(one, "2");
    assert_true(mt_schedule_is_over(&one->schedule));
    forget(one);
}

static void begin_anew(struct example *one, unsigned slots, const struct mt_durations *durations)
{
    mt_schedule_clear(&one->schedule);
    mt_schedule_init(&one->schedule, &one->plan, slots, 1, 0, durations, NULL);
    for (size_t i = 0; i < one->plan.count; i++) {
        one->schedule.states[i].decided = true;
    }
}

/* What is not known, here 0 and 3, comes after these; one after the other they stay as planned. */
static void what_took_long_begins_first_where_several_run(void **state)
{
    struct example *one = example(".....", 2, 1, 0, NULL);
    struct mt_durations durations = {.known = json_pack("{s:f, s:f, s:f, s:f}", "precopy:1", 0.5,
                                                        "precopy:2", 2.5, "precopy:4", 1.0,
                                                        "multifd:0", 9.0)};

    (void)state;
    begin_anew(one, 5, &durations);
    assert_string_equal(begin(one), "24103");
    begin_anew(one, 1, &durations);
    assert_string_equal(begin(one), "0");
    end(one, "0");
    assert_string_equal(begin(one), "1");
    json_decref(durations.known);
    forget(one);
}

static void what_is_not_decided_yet_is_gone_past(void **state)
{
    struct example *one = example("..", 2, 1, 0, NULL);

    (void)state;
    one->schedule.states[0].decided = false;
    assert_string_equal(begin(one), "1");
    end(one, "1");
    assert_string_equal(begin(one), "");
    assert_false(mt_schedule_is_over(&one->schedule));
    one->schedule.states[0].decided = true;
    assert_string_equal(begin(one), "0");
    end(one, "0");
    begin(one);
    assert_true(mt_schedule_is_over(&one->schedule));
    forget(one);
}

static void rounds_follow_each_other_without_a_gap(void **state)
{
    struct example *one = example("...", 2, 2, 0, NULL);

    (void)state;
    one->schedule.states[1].is_over = true;
    assert_string_equal(begin(one), "02");
    end(one, "0");
    assert_string_equal(begin(one), "0");
    end(one, "02");
    assert_string_equal(begin(one), "2");
    end(one, "2");
    assert_string_equal(begin(one), "");
    assert_true(mt_schedule_is_over(&one->schedule));
    forget(one);
}

static void endless_rounds_end_when_they_are_closed(void **state)
{
    struct example *one = example(".", 1, 0, 0, NULL);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_string_equal(begin(one), "0");
        end(one, "0");
    }
    assert_false(mt_schedule_is_over(&one->schedule));
    mt_schedule_close(&one->schedule);
    assert_string_equal(begin(one), "");
    assert_true(mt_schedule_is_over(&one->schedule));
    forget(one);
}

static void with_nothing_to_run_even_endless_rounds_are_over(void **state)
{
    struct example *one = example("..", 1, 0, 0, NULL);

    (void)state;
    one->schedule.states[0].is_over = one->schedule.states[1].is_over = true;
    assert_string_equal(begin(one), "");
    assert_true(mt_schedule_is_over(&one->schedule));
    forget(one);
}

static void a_seed_gives_one_order(void **state)
{
    struct example *first = example("..a.......", MOST, 1, 7, NULL);
    struct example *second = example("..a.......", MOST, 1, 7, NULL);
    struct example *other = example("..a.......", MOST, 1, 8, NULL);
    char order[MOST + 1];

    (void)state;
    snprintf(order, sizeof(order), "%s", begin(first));
    assert_int_equal(strlen(order), 9);
    assert_string_not_equal(order, "013456789");
    assert_string_equal(begin(second), order);
    assert_string_not_equal(begin(other), order);
    forget(first);
    forget(second);
    forget(other);
}

static void a_run_that_goes_on_does_what_is_left(void **state)
{
    struct mt_history history = {0};
    struct mt_event event = {.kind = MT_EVENT_FINISHED,
                             .id = {"precopy", "precopy", "1"},
                             .attempt = 1,
                             .final = 1,
                             .outcome = "passed"};

    (void)state;
    mt_history_add(&history, &event);
    event.id.test = "2";
    event.final = 0;
    event.outcome = "failed";
    event.message = "why";
    mt_history_add(&history, &event);
    struct example *one = example("...", 4, 1, 0, &history);
    assert_string_equal(begin(one), "02");
    assert_int_equal(one->schedule.states[2].earlier_attempts, 1);
    assert_string_equal(one->schedule.states[2].earlier_fault, "why");
    forget(one);
    mt_history_clear(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_run_as_there_are_slots),
        cmocka_unit_test(heavy_tests_take_the_room_they_ask_for),
        cmocka_unit_test(who_wants_the_machine_alone_comes_last_and_gets_it),
        cmocka_unit_test(what_took_long_begins_first_where_several_run),
        cmocka_unit_test(what_is_not_decided_yet_is_gone_past),
        cmocka_unit_test(rounds_follow_each_other_without_a_gap),
        cmocka_unit_test(endless_rounds_end_when_they_are_closed),
        cmocka_unit_test(with_nothing_to_run_even_endless_rounds_are_over),
        cmocka_unit_test(a_seed_gives_one_order),
        cmocka_unit_test(a_run_that_goes_on_does_what_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
