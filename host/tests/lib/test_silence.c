/* SPDX-License-Identifier: Apache-2.0 */
/* A guest's silence over a switchover: how long it lasts by its beats, and what cannot be true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/guest/beats.h"
#include "lib/migration/silence.h"

static const struct mt_silence plausible = {
    .least_us = 45000,
    .most_us = 50000,
    .spacing_us = 3000,
    .stopped_us = 44000,
    .qemu_says_us = 44000,
};

static void expect_complaint(struct mt_silence silence, const char *text)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    assert_int_equal(mt_silence_judge(&silence, &error), text == NULL ? 0 : -1);
    if (text != NULL) {
        assert_non_null(strstr(mt_error_text(&error), text));
    }
}

static void what_agrees_is_fine(void **state)
{
    (void)state;
    expect_complaint(plausible, NULL);
}

/* A beat from the source after its STOP, or of the destination before its RESUME. */
static void a_beat_while_stopped_is_not(void **state)
{
    struct mt_silence silence = plausible;

    (void)state;
    silence.most_us = silence.stopped_us - 15000; /* more than clocks that differ explain */
    expect_complaint(silence, "44000 us lie between STOP and RESUME");
}

static void too_much_downtime_is_not(void **state)
{
    struct mt_silence silence = plausible;

    (void)state;
    silence.qemu_says_us = 5000000;
    expect_complaint(silence, "QEMU says that it was down for 5000000 us");
    silence.after_us = 4000000;
    expect_complaint(silence, NULL);
}

static void long_silence_after_resume_is_not(void **state)
{
    struct mt_silence silence = plausible;

    (void)state;
    silence.least_us = 4000000;
    silence.most_us = 4000001;
    expect_complaint(silence, "silent for 4000000 us at least, though only 44000 us");
}

/* Of a guest that beats while it is stopped no stall makes any sense. */
static void a_stall_explains_what_is_too_long(void **state)
{
    static const struct {
        int64_t least_us;
        int64_t most_us;
        int64_t qemu_says_us;
        int64_t starved_us;
        bool undecided;
    } cases[] = {
        {4000000, 4000001, 44000, 1000000, false}, {4000000, 4000001, 44000, 2000000, true},
        {45000, 50000, 5000000, 2000000, false},   {45000, 50000, 5000000, 2600000, true},
        {20000, 25000, 44000, 9000000, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        MT_AUTO_ERROR struct mt_error error = {0};
        struct mt_silence silence = plausible;

        silence.least_us = cases[i].least_us;
        silence.most_us = cases[i].most_us;
        silence.qemu_says_us = cases[i].qemu_says_us;
        silence.starved_us = cases[i].starved_us;
        assert_int_equal(mt_silence_judge(&silence, &error), -1);
        assert_int_equal(error.undecided, cases[i].undecided);
    }
}

static void beats_are_read_late(void **state)
{
    struct mt_beats beats = {0};

    (void)state;
    mt_beats_add(&beats, (struct mt_moment){.after_us = 100, .until_us = 110});
    mt_beats_add(&beats, (struct mt_moment){.after_us = 105, .until_us = 400});
    mt_beats_add(&beats, (struct mt_moment){.after_us = 450, .until_us = 460});
    assert_int_equal(beats.count, 3);
    assert_int_equal(beats.first.until_us, 110);
    assert_int_equal(beats.last.after_us, 450);
    assert_int_equal(beats.longest_us, 50);
    assert_int_equal(mt_least_between(beats.first, beats.last), 340);
    assert_int_equal(mt_most_between(beats.first, beats.last), 360);
    assert_int_equal(mt_least_between(beats.last, beats.first), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_agrees_is_fine),
        cmocka_unit_test(a_beat_while_stopped_is_not),
        cmocka_unit_test(too_much_downtime_is_not),
        cmocka_unit_test(long_silence_after_resume_is_not),
        cmocka_unit_test(a_stall_explains_what_is_too_long),
        cmocka_unit_test(beats_are_read_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
