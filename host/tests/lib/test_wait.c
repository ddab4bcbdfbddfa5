/* SPDX-License-Identifier: Apache-2.0 */
/* A guest that has found a fault ends each wait, and the error says on which side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "lib/vm/vm.h"
#include "lib/vm/wait.h"
#include "tests/lib/side.h"

static int has_come(void *context, struct mt_error *error)
{
    (void)error;
    return *(const int *)context;
}

/* `come`: whether the condition of the wait is true as well. */
static void assert_ends(int come, bool on_destination, const char *expected)
{
    static const char report[] = GREETING MT_GUEST_MARK "X 02345678 00000000 00000010\n";
    MT_AUTO_ERROR struct mt_error error = {0};
    struct side source;
    struct side destination;

    enter(&source, "source");
    enter(&destination, "destination");
    const struct mt_wait wait = {
        .vms = {&source.vm, &destination.vm},
        .side = "source",
        .what = "event STOP",
        .timeout_ms = 2000,
        .condition = has_come,
        .context = &come,
    };
    int guest = on_destination ? destination.guest : source.guest;
    assert_int_equal(write(guest, report, sizeof(report) - 1), sizeof(report) - 1);
    assert_int_equal(mt_wait_for(&wait, &error), -1);
    assert_non_null(strstr(mt_error_text(&error), expected));
    leave(&source);
    leave(&destination);
}

static void a_report_ends_any_wait(void **state)
{
    (void)state;
    assert_ends(0, false, "waiting for event STOP (source): the guest found its memory wrong");
    assert_ends(0, true, "STOP (source): on the destination: the guest found its memory wrong");
}

static void a_true_condition_hides_no_report(void **state)
{
    (void)state;
    assert_ends(1, false, "waiting for event STOP (source): the guest found its memory wrong");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_ends_any_wait),
        cmocka_unit_test(a_true_condition_hides_no_report),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
