/* SPDX-License-Identifier: Apache-2.0 */
/* Globs, tags, shards, and what failed before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "plan/history.h"
#include "plan/selection.h"

static bool has(const struct mt_selection *selection, const char *tags)
{
    json_t *list = json_loads(tags, 0, NULL);
    bool result = mt_selection_has(
        selection, &(struct mt_test_id){"precopy", "precopy", "precopy/unix/plain"}, list);

    json_decref(list);
    return result;
}

static void names_and_tags_must_both_match(void **state)
{
    struct mt_selection selection = {0};

    (void)state;
    assert_true(has(&selection, "[]"));
    mt_strings_add(&selection.tests, "precopy:precopy/*");
    assert_true(has(&selection, "[]"));
    mt_strings_add(&selection.tags, "net*");
    assert_false(has(&selection, "[]"));
    assert_false(has(&selection, "[\"disk\"]"));
    assert_true(has(&selection, "[\"disk\", \"network\"]"));
    mt_strings_add(&selection.skip_tags, "disk");
    assert_false(has(&selection, "[\"disk\", \"network\"]"));
    mt_strings_add(&selection.skips, "*/plain");
    assert_false(has(&selection, "[\"network\"]"));
    mt_strings_clear(&selection.tests);
    mt_strings_clear(&selection.tags);
    mt_strings_clear(&selection.skips);
    mt_strings_clear(&selection.skip_tags);
}

/* What cannot be loaded cannot be matched by name. */
static void a_plugin_that_does_not_load_may_hold_what_is_selected(void **state)
{
    struct mt_selection selection = {0};

    (void)state;
    mt_strings_add(&selection.tests, "fd:*");
    assert_true(mt_selection_has_plugin(&selection, "fd"));
    assert_false(mt_selection_has_plugin(&selection, "precopy"));
    mt_strings_add(&selection.skips, "fd:load");
    assert_false(mt_selection_has_plugin(&selection, "fd"));
    mt_strings_clear(&selection.tests);
    mt_strings_clear(&selection.skips);
}

/* Each test is in one shard; and which one is a promise to agents of other versions. */
static void shards_share_the_tests_out(void **state)
{
    enum { TESTS = 3000, SHARDS = 3 };
    unsigned shares[SHARDS] = {0};

    (void)state;
    for (int i = 0; i < TESTS; i++) {
        char *name = mt_text("multifd/tcp/plain/%d", i);
        unsigned owners = 0;
        for (int shard = 1; shard <= SHARDS; shard++) {
            const struct mt_selection selection = {.shard = shard, .shards = SHARDS};
            bool here =
                mt_selection_is_here(&selection, &(struct mt_test_id){"multifd", "multifd", name});
            shares[shard - 1] += here;
            owners += here;
        }
        assert_int_equal(owners, 1);
        free(name);
    }
    for (int i = 0; i < SHARDS; i++) {
        assert_in_range(shares[i], TESTS / SHARDS * 9 / 10, TESTS / SHARDS * 11 / 10);
    }
}

static void a_shard_is_the_same_everywhere(void **state)
{
    const struct mt_selection first = {.shard = 1, .shards = 3};
    const struct mt_selection second = {.shard = 2, .shards = 3};

    (void)state;
    assert_true(mt_selection_is_here(
        &first, &(struct mt_test_id){"precopy", "precopy", "precopy/unix/plain"}));
    assert_true(mt_selection_is_here(
        &second, &(struct mt_test_id){"precopy", "precopy", "precopy/tcp/plain"}));
    assert_true(mt_selection_is_here(&second, &(struct mt_test_id){"fd", "fd", "precopy/fd/tcp"}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_tags_must_both_match),
        cmocka_unit_test(a_plugin_that_does_not_load_may_hold_what_is_selected),
        cmocka_unit_test(shards_share_the_tests_out),
        cmocka_unit_test(a_shard_is_the_same_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
