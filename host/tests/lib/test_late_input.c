/* SPDX-License-Identifier: Apache-2.0 */
/* A byte that came in after STOP is no difference; one that was taken before is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/verify/late_input.h"

static const int64_t stop_us = 5000000;

static struct mt_state_difference of(const char *section, const char *field, uint64_t distance,
                                     bool source_is_greater)
{
    return (struct mt_state_difference){
        .section = (char *)(uintptr_t)section,
        .field = (char *)(uintptr_t)field,
        .distance = distance,
        .source_is_greater = source_is_greater,
    };
}

/* Of a source that stopped at `stop_us`. */
static bool is_late(int64_t taken_us, struct mt_state_difference difference)
{
    struct mt_vm source = {.side = "source"};
    struct mt_pair pair = {.source = &source};

    mt_events_add(&source.qmp.events, json_pack("{s:s, s:{s:i, s:i}}", "event", "STOP", "timestamp",
                                                "seconds", 5, "microseconds", 0));
    source.serial.taken_us = taken_us;
    bool late = mt_is_late_input(&pair, &difference);
    mt_events_clear(&source.qmp.events);
    return late;
}

static void a_byte_that_came_after_stop_is_let_pass(void **state)
{
    (void)state;
    assert_true(is_late(stop_us, of("serial", "state.lsr", 1, true)));
    assert_true(is_late(MT_SERIAL_UNDER_WAY, of("serial", "state.lsr", 1, true)));
    assert_true(is_late(stop_us, of("serial", "state.rbr", 0x48, true)));
}

static void one_that_was_taken_before_is_not(void **state)
{
    (void)state;
    assert_false(is_late(stop_us - 1, of("serial", "state.lsr", 1, true)));
    assert_false(is_late(stop_us - 1, of("serial", "state.rbr", 0x48, true)));
    assert_false(is_late(0, of("serial", "state.lsr", 1, true)));
}

static void nothing_else_is(void **state)
{
    (void)state;
    assert_false(is_late(stop_us, of("serial", "state.lsr", 1, false)));
    assert_false(is_late(stop_us, of("serial", "state.lsr", 2, true)));
    assert_false(is_late(stop_us, of("serial", "state.mcr", 1, true)));
    assert_false(is_late(stop_us, of("i8254", "state.lsr", 1, true)));
    assert_false(is_late(stop_us, of("serial", NULL, UINT64_MAX, false)));
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
