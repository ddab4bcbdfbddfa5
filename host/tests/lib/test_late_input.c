/* SPDX-License-Identifier: Apache-2.0 */
/* A byte that came in after STOP is no difference; one that was taken before is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/verify/late_input.h"

static const int64_t stop_us = 5000000;

static char serial[] = "serial";
static char lsr[] = "state.lsr";
static char rbr[] = "state.rbr";

static const struct mt_state_difference byte_more = {
    .section = serial, .field = lsr, .distance = 1, .source_is_greater = true};
static const struct mt_state_difference byte = {.section = serial, .field = rbr, .distance = 0x48};

/* Of a source that stopped at `stop_us`; `beside` is what else differs. */
static bool is_late(int64_t taken_us, struct mt_state_difference one,
                    struct mt_state_difference beside)
{
    struct mt_vm source = {.side = "source"};
    struct mt_pair pair = {.sides = {[MT_SOURCE] = {.vm = &source}}};
    struct mt_state_difference items[] = {one, beside};
    const struct mt_state_differences differences = {.items = items, .count = 2};

    mt_events_add(&source.monitor.qmp.events,
                  json_pack("{s:s, s:{s:i, s:i}}", "event", "STOP", "timestamp", "seconds", 5,
                            "microseconds", 0));
    source.serial.taken_us = taken_us;
    bool late = mt_is_late_input(&pair, &differences, &items[0]);
    mt_events_clear(&source.monitor.qmp.events);
    return late;
}

static void a_byte_that_came_after_stop_is_let_pass(void **state)
{
    (void)state;
    assert_true(is_late(stop_us, byte_more, byte));
    assert_true(is_late(stop_us, byte, byte_more));
    assert_true(is_late(MT_SERIAL_UNDER_WAY, byte_more, byte));
}

static void one_that_was_taken_before_is_not(void **state)
{
    (void)state;
    assert_false(is_late(stop_us - 1, byte_more, byte));
    assert_false(is_late(stop_us - 1, byte, byte_more));
    assert_false(is_late(0, byte_more, byte));
}

static void nothing_else_is(void **state)
{
    static char mcr[] = "state.mcr";
    struct mt_state_difference other;

    (void)state;
    assert_false(is_late(stop_us, byte, byte));
    other = byte_more;
    other.source_is_greater = false;
    assert_false(is_late(stop_us, other, byte));
    assert_false(is_late(stop_us, byte, other));
    other = byte_more;
    other.distance = 2;
    assert_false(is_late(stop_us, other, byte));
    other = byte_more;
    other.instance = 1;
    assert_false(is_late(stop_us, other, byte_more));
    other = byte_more;
    other.field = mcr;
    assert_false(is_late(stop_us, other, byte_more));
    other.field = NULL;
    assert_false(is_late(stop_us, other, byte_more));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byte_that_came_after_stop_is_let_pass),
        cmocka_unit_test(one_that_was_taken_before_is_not),
        cmocka_unit_test(nothing_else_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
