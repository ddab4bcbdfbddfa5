/* SPDX-License-Identifier: Apache-2.0 */
/* Each test's files have names of their own, plain enough for a link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "runner/result_names.h"

static void expect_log(const char *test, int64_t repeat, int64_t attempt, const char *expected)
{
    MT_AUTO_FREE char *name =
        mt_log_name(&(struct mt_test_id){.plugin = "vendor", .test = test}, repeat, attempt);

    assert_string_equal(name, expected);
}

static void expect_bundle(int64_t repeat, int64_t attempt, const char *expected)
{
    MT_AUTO_FREE char *name = mt_bundle_name(
        &(struct mt_test_id){.plugin = "vendor", .test = "tcp/plain"}, repeat, attempt);

    assert_string_equal(name, expected);
}

static void first_attempt_has_the_plainest_name(void **state)
{
    (void)state;
    expect_log("tcp/plain", 0, 1, "logs/vendor.tcp.plain.log");
    expect_log("tcp/plain", 0, 2, "logs/vendor.tcp.plain~attempt-2.log");
    expect_log("tcp/plain", 3, 1, "logs/vendor.tcp.plain~repeat-3.log");
    expect_log("tcp/plain", 3, 2, "logs/vendor.tcp.plain~repeat-3~attempt-2.log");
    expect_bundle(0, 1, "failures/vendor.tcp.plain/1");
    expect_bundle(3, 2, "failures/vendor.tcp.plain/3.2");
}

static void names_that_look_alike_stay_apart(void **state)
{
    (void)state;
    expect_log("a/b", 0, 1, "logs/vendor.a.b.log");
    expect_log("a_b", 0, 1, "logs/vendor.a_b.log");
    expect_log("a.b", 0, 1, "logs/vendor.a~2eb.log");
    expect_log("a b", 0, 1, "logs/vendor.a~20b.log");
    expect_log("a~b", 0, 1, "logs/vendor.a~7eb.log");
    expect_log("a/repeat-1", 0, 1, "logs/vendor.a.repeat-1.log");
    expect_log("../../etc", 0, 1, "logs/vendor.~2e~2e.~2e~2e.etc.log");
    expect_log("\xc3\xbc", 0, 1, "logs/vendor.~c3~bc.log");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_attempt_has_the_plainest_name),
        cmocka_unit_test(names_that_look_alike_stay_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
