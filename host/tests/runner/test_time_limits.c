/* SPDX-License-Identifier: Apache-2.0 */
/* How time limits grow on a slow host, and when nothing moves any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "runner/calibrate.h"
#include "runner/watch.h"

static bool is_near(double value, double expected)
{
    return value > expected - 0.001 && value < expected + 0.001;
}

static void a_fast_host_gets_no_less_than_the_reference(void **state)
{
    const struct mt_calibration fast = {
        .start_ms = 0.5, .copy_mib_per_ms = 50, .boot_ms = 60, .crowd = 0.25};

    (void)state;
    assert_true(mt_calibration_factor(&fast) <= 1);
    assert_true(mt_calibration_factor(&fast) >= 1);
}

static void the_slowest_of_what_was_measured_counts(void **state)
{
    struct mt_calibration host = {
        .start_ms = 1, .copy_mib_per_ms = 50, .boot_ms = 6000, .crowd = 1};

    (void)state;
    assert_true(mt_calibration_factor(&host) > 2);
    host = (struct mt_calibration){.start_ms = 1, .copy_mib_per_ms = 50, .crowd = 3};
    assert_true(is_near(mt_calibration_factor(&host), 3));
    host = (struct mt_calibration){.start_ms = 1, .copy_mib_per_ms = 0.1};
    assert_true(mt_calibration_factor(&host) > 2);
    host = (struct mt_calibration){.start_ms = 500, .copy_mib_per_ms = 50};
    assert_true(mt_calibration_factor(&host) > 2);
}

static void nothing_that_was_measured_is_the_reference(void **state)
{
    const struct mt_calibration unknown = {0};

    (void)state;
    assert_true(mt_calibration_factor(&unknown) <= 1);
}

/* On two cores, meant for four tests. */
static void who_else_wants_the_cores_counts_beyond_what_they_are_meant_for(void **state)
{
    (void)state;
    assert_true(is_near(mt_calibration_crowd(4, 4, 0), 1));
    assert_true(is_near(mt_calibration_crowd(4, 4, 3.5), 1));
    assert_true(is_near(mt_calibration_crowd(4, 8, 0), 2));
    assert_true(is_near(mt_calibration_crowd(4, 4, 12), 3));
}

/* Whatever a guest of the usual size may take; a step of a large one, what 100 MiB/s take. */
static void a_large_guest_is_given_more_time(void **state)
{
    (void)state;
    assert_true(is_near(mt_ram_factor(0), 1));
    assert_true(is_near(mt_ram_factor(INT64_C(256) << 20), 1));
    assert_true(is_near(mt_ram_factor(INT64_C(4352) << 20), 1 + 40.96 / 40));
    assert_true(40 * mt_ram_factor(INT64_C(64) << 30) > 640);
}

static void silence_is_noticed_long_before_the_limit(void **state)
{
    struct mt_watch watch;
    int64_t silent = 0;

    (void)state;
    mt_watch_begin(&watch, 60000, 1);
    for (int i = 0; i < 100; i++) {
        assert_int_not_equal(mt_watch_tick(&watch, 1000), MT_WATCH_STALLED);
        mt_watch_moved(&watch);
    }
    while (mt_watch_tick(&watch, 1000) != MT_WATCH_STALLED) {
        silent += 1000;
        assert_true(silent < 30000);
    }
    assert_true(silent >= 9000);
}

static void a_slow_host_is_given_more_time_to_move(void **state)
{
    struct mt_watch watch;

    (void)state;
    mt_watch_begin(&watch, 1000, 5);
    for (int i = 0; i < 49; i++) {
        assert_int_not_equal(mt_watch_tick(&watch, 1000), MT_WATCH_STALLED);
    }
    assert_int_equal(mt_watch_tick(&watch, 1000), MT_WATCH_STALLED);
}

static void a_test_that_takes_long_is_spoken_of_now_and_then(void **state)
{
    struct mt_watch watch;
    int said = 0;

    (void)state;
    mt_watch_begin(&watch, 60000, 1);
    for (int i = 0; i < 59; i++) {
        mt_watch_moved(&watch);
        said += mt_watch_tick(&watch, 1000) == MT_WATCH_SLOW;
    }
    assert_int_equal(said, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fast_host_gets_no_less_than_the_reference),
        cmocka_unit_test(the_slowest_of_what_was_measured_counts),
        cmocka_unit_test(nothing_that_was_measured_is_the_reference),
        cmocka_unit_test(who_else_wants_the_cores_counts_beyond_what_they_are_meant_for),
        cmocka_unit_test(a_large_guest_is_given_more_time),
        cmocka_unit_test(silence_is_noticed_long_before_the_limit),
        cmocka_unit_test(a_slow_host_is_given_more_time_to_move),
        cmocka_unit_test(a_test_that_takes_long_is_spoken_of_now_and_then),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
