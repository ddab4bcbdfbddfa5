/* SPDX-License-Identifier: Apache-2.0 */
/* The suggestion is the nearest word, or none where no word is near. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/suggest.h"

static const char *const words[] = {"machine", "memory_backend", "name", "args", NULL};

static void names_what_is_near(void **state)
{
    static const struct {
        const char *word;
        const char *near;
    } cases[] = {
        {"machin", "machine"},
        {"mahcine", "machine"},
        {"Machine", "machine"},
        {"nmae", "name"},
        {"arg", "args"},
        {"memory-backend", "memory_backend"},
        {"colour", NULL},
        {"", NULL},
        {"x", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *near = mt_suggest(cases[i].word, words);
        if (cases[i].near == NULL) {
            assert_null(near);
        } else {
            assert_non_null(near);
            assert_string_equal(near, cases[i].near);
        }
    }
}

static void bears_a_word_of_any_length(void **state)
{
    char word[10001];

    (void)state;
    memset(word, 'm', sizeof(word) - 1);
    for (size_t length = 0; length < sizeof(word); length += 13) {
        word[length] = '\0';
        char *suggestion = mt_suggestion(word, words);
        assert_string_equal(suggestion, "");
        free(suggestion);
        word[length] = 'm';
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_is_near),
        cmocka_unit_test(bears_a_word_of_any_length),
    };

    return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
