/* SPDX-License-Identifier: Apache-2.0 */
/* A process finds our environment, with the variables that were added. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "lib/process/process.h"

enum {
    PATIENCE_MS = 10000,
    MOST_BYTES = 1024 * 1024,
};

/* The output of env(1), started with these variables added. */
static char *environment_with(char *const *added)
{
    char output[] = "/tmp/process-test-XXXXXX";
    char *command[] = {"env", NULL};
    struct mt_process process;
    char *text = NULL;
    MT_AUTO_ERROR struct mt_error error = {0};

    close(mkstemp(output));
    const struct mt_process_start start = {.name = "child",
                                           .command = command,
                                           .environment = added,
                                           .output = output,
                                           .fd3 = -1,
                                           .fd4 = -1};
    assert_int_equal(mt_process_start(&process, &start, &error), 0);
    assert_true(mt_process_ends_within(&process, PATIENCE_MS));
    mt_process_clear(&process);
    assert_int_equal(mt_file_read(output, MOST_BYTES, &text, NULL, &error), 0);
    unlink(output);
    return text;
}

static char *environment_here(void)
{
    char *text = mt_text("%s", "");

    for (char **entry = environ; *entry != NULL; entry++) {
        char *longer = mt_text("%s%s\n", text, *entry);
        free(text);
        text = longer;
    }
    return text;
}

static void nothing_else_is_added(void **state)
{
    MT_AUTO_FREE char *here = environment_here();
    MT_AUTO_FREE char *there = environment_with(NULL);

    (void)state;
    assert_string_equal(there, here);
}

static void an_added_variable_replaces_ours(void **state)
{
    char *added[] = {"PROCESS_TEST=theirs", NULL};

    (void)state;
    setenv("PROCESS_TEST", "ours", 1);
    MT_AUTO_FREE char *there = environment_with(added);
    unsetenv("PROCESS_TEST");
    assert_non_null(strstr(there, "PROCESS_TEST=theirs\n"));
    assert_null(strstr(there, "PROCESS_TEST=ours\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_else_is_added),
        cmocka_unit_test(an_added_variable_replaces_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
