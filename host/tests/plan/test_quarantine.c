/* SPDX-License-Identifier: Apache-2.0 */
/* A quarantine names its tests as -t does, and its last day belongs to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "manifest/yaml.h"
#include "plan/quarantine.h"

/* 2027-03-01, 00:00 UTC */
static const int64_t first_of_march = 1803859200;

static void it_holds_until_the_end_of_its_last_day(void **state)
{
    static const char text[] = "- {test: 'multifd:*/cancel', reason: bug 4711, until: 2027-03-01}\n"
                               "- {test: precopy/unix/plain, reason: why, until: 2027-02-28}\n";
    struct mt_yaml_file file;
    struct mt_quarantines quarantines;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(mt_yaml_parse("text", text, strlen(text), &file, &error), 0);
    mt_quarantines_read(file.root, first_of_march + 86399, &quarantines);
    const struct mt_quarantine *one = mt_quarantine_find(
        &quarantines, &(struct mt_test_id){"multifd", "multifd", "multifd/tcp/plain/cancel"});
    assert_non_null(one);
    assert_false(one->is_over);
    assert_true(one->used);
    assert_string_equal(one->reason, "bug 4711, until 2027-03-01");
    assert_null(mt_quarantine_find(
        &quarantines, &(struct mt_test_id){"precopy", "precopy", "multifd/tcp/plain/cancel"}));
    assert_false(quarantines.entries[1].used);
    assert_true(mt_quarantine_find(&quarantines,
                                   &(struct mt_test_id){"precopy", "precopy", "precopy/unix/plain"})
                    ->is_over);
    mt_quarantines_clear(&quarantines);
    mt_quarantines_read(file.root, first_of_march + 86400, &quarantines);
    assert_true(quarantines.entries[0].is_over);
    mt_quarantines_clear(&quarantines);
    mt_yaml_clear(&file);
}

static void there_may_be_none(void **state)
{
    struct mt_quarantines quarantines;

    (void)state;
    mt_quarantines_read(NULL, first_of_march, &quarantines);
    assert_null(mt_quarantine_find(&quarantines, &(struct mt_test_id){"precopy", "precopy", "x"}));
    mt_quarantines_clear(&quarantines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_until_the_end_of_its_last_day),
        cmocka_unit_test(there_may_be_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
