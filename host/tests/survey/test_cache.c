/* SPDX-License-Identifier: Apache-2.0 */
/* What was found out is there again, under its own key alone, and not for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "survey/cache.h"

static int make_folder(void **state)
{
    char *folder = mt_text_copy("/tmp/migtest-cache.XXXXXX");

    assert_non_null(mkdtemp(folder));
    setenv("XDG_CACHE_HOME", folder, 1);
    *state = folder;
    return 0;
}

static int remove_folder(void **state)
{
    struct mt_error error = {0};

    assert_int_equal(mt_folder_remove(*state, &error), 0);
    free(*state);
    return 0;
}

static void put(const char *key, const char *value)
{
    json_t *text = json_string(value);

    mt_cache_put("trial", key, text);
    json_decref(text);
}

static void expect(const char *key, const char *value)
{
    json_t *found = mt_cache_get("trial", key);

    if (value == NULL) {
        assert_null(found);
    } else {
        assert_string_equal(json_string_value(found), value);
    }
    json_decref(found);
}

static void keeps_what_is_put(void **state)
{
    (void)state;
    put("one", "first");
    put("two", "second");
    put("one", "again");
    expect("one", "again");
    expect("two", "second");
    expect("three", NULL);
}

static void forgets_what_is_old(void **state)
{
    MT_AUTO_FREE char *command =
        mt_text("find %s -name 'trial-*' -exec touch -d '100 days ago' {} +", (char *)*state);

    put("old", "of a QEMU that is gone");
    assert_int_equal(system(command), 0); // NOLINT(cert-env33-c): it is the test's own
    expect("old", "of a QEMU that is gone");
    put("new", "of the one that came");
    expect("new", "of the one that came");
    expect("old", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_what_is_put, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(forgets_what_is_old, make_folder, remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
