/* SPDX-License-Identifier: Apache-2.0 */
/* migtest refuses every file of bad/ with the message of its first line, including the place. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "manifest/manifest.h"

#define FOLDER MT_TEST_SOURCE_DIR "/bad"

enum { AT_LEAST = 70 };

static char *expected_sentence(const char *path)
{
    MT_AUTO_FREE char *text = NULL;

    assert_int_equal(mt_file_read(path, 1 << 20, &text, NULL, NULL), 0);
    assert_memory_equal(text, "# ", 2);
    return mt_text("%s:%.*s", path, (int)strcspn(text + 2, "\n"), text + 2);
}

static bool is_refused_as_it_says(const char *path)
{
    MT_AUTO_FREE char *expected = expected_sentence(path);
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_manifest *manifest = NULL;

    if (mt_manifest_load(path, "here", &manifest, &error) == 0) {
        mt_manifest_destroy(manifest);
        print_error("%s: loaded\n", path);
        return false;
    }
    if (strcmp(mt_error_text(&error), expected) != 0) {
        print_error("expected %s\n     got %s\n", expected, mt_error_text(&error));
        return false;
    }
    return true;
}

static void each_is_refused_with_its_sentence(void **state)
{
    struct dirent **files = NULL;
    int count = scandir(FOLDER, &files, NULL, alphasort);
    int tried = 0;
    int wrong = 0;

    (void)state;
    for (int i = 0; i < count; i++) {
        if (strstr(files[i]->d_name, ".yaml") != NULL) {
            MT_AUTO_FREE char *path = mt_text("%s/%s", FOLDER, files[i]->d_name);
            tried++;
            wrong += !is_refused_as_it_says(path);
        }
        free(files[i]);
    }
    free(files);
    assert_true(tried >= AT_LEAST);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_refused_with_its_sentence),
    };

    return cmocka_run_group_tests_name("manifest_bad", tests, NULL, NULL);
}
