/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of a YAML file, and files that are refused because they cost too much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "manifest/yaml.h"

enum { MOST_CPU_MS = 1000 };

static struct mt_yaml_file parsed(const char *text)
{
    struct mt_yaml_file file = {0};

    assert_int_equal(mt_yaml_parse("t", text, strlen(text), &file, NULL), 0);
    return file;
}

static void nodes_know_their_places(void **state)
{
    struct mt_yaml_file file = parsed("a: 1\nb:\n  - \"2\"\n  - {c: x}\n");
    const struct mt_yaml *list = mt_yaml_get(file.root, "b");
    const struct mt_yaml *c = mt_yaml_get(list->items[1], "c");

    (void)state;
    assert_int_equal(mt_yaml_get(file.root, "a")->line, 1);
    assert_int_equal(mt_yaml_get(file.root, "a")->column, 4);
    assert_false(mt_yaml_get(file.root, "a")->quoted);
    assert_int_equal(list->count, 2);
    assert_true(list->items[0]->quoted);
    assert_int_equal(c->line, 4);
    assert_int_equal(c->column, 9);
    assert_null(mt_yaml_get(file.root, "c"));
    assert_null(mt_yaml_get(list, "c"));
    mt_yaml_clear(&file);
}

static void an_alias_is_what_it_stands_for(void **state)
{
    struct mt_yaml_file file = parsed("a: &x [1, 2]\nb: *x\nc: &y 3\nd: *y\n");

    (void)state;
    assert_int_equal(mt_yaml_get(file.root, "b")->count, 2);
    assert_string_equal(mt_yaml_get(file.root, "b")->items[1]->text, "2");
    assert_int_equal(mt_yaml_get(file.root, "b")->items[1]->column, 11);
    assert_string_equal(mt_yaml_get(file.root, "d")->text, "3");
    mt_yaml_clear(&file);
}

static void nothing_is_null_and_text_is_not(void **state)
{
    struct mt_yaml_file file = parsed("- ~\n- null\n-\n- \"\"\n- \"null\"\n- '~'\n- 0\n- []\n");
    static const bool null[] = {true, true, true, false, false, false, false, false};

    (void)state;
    assert_int_equal(file.root->count, 8);
    for (size_t i = 0; i < file.root->count; i++) {
        assert_int_equal(mt_yaml_is_null(file.root->items[i]), null[i]);
    }
    mt_yaml_clear(&file);
}

static void maps_merge_and_the_rest_replaces(void **state)
{
    struct mt_yaml_file under = parsed("{a: {x: 1, y: 2}, b: [1, 2], c: 3, d: {z: 1}}");
    struct mt_yaml_file over = parsed("{a: {y: 4, w: 5}, b: [6], c: {v: 7}, d: }");
    struct mt_yaml *merged = mt_yaml_merge(&under, under.root, over.root);
    const struct mt_yaml *a = mt_yaml_get(merged, "a");

    (void)state;
    assert_string_equal(mt_yaml_get(a, "x")->text, "1");
    assert_string_equal(mt_yaml_get(a, "y")->text, "4");
    assert_string_equal(mt_yaml_get(a, "w")->text, "5");
    assert_int_equal(mt_yaml_get(merged, "b")->count, 1);
    assert_string_equal(mt_yaml_get(mt_yaml_get(merged, "c"), "v")->text, "7");
    assert_string_equal(mt_yaml_get(mt_yaml_get(merged, "d"), "z")->text, "1");
    assert_string_equal(mt_yaml_get(mt_yaml_get(under.root, "a"), "y")->text, "2");
    mt_yaml_clear(&under);
    mt_yaml_clear(&over);
}

static void refused(const char *text, size_t size, const char *message)
{
    struct mt_yaml_file file;
    MT_AUTO_ERROR struct mt_error error = {0};
    clock_t start = clock();

    assert_int_equal(mt_yaml_parse("t", text, size, &file, &error), -1);
    assert_string_equal(mt_error_text(&error), message);
    assert_true((clock() - start) * 1000 / CLOCKS_PER_SEC < MOST_CPU_MS);
}

/* `opening`, `opening`, ... `closing`, `closing` */
static void refused_many(const char *opening, size_t openings, const char *closing, size_t closings,
                         const char *message)
{
    size_t size = strlen(opening) * openings + strlen(closing) * closings;
    MT_AUTO_FREE char *text = mt_alloc(size + 1, 1);
    char *end = text;

    for (size_t i = 0; i < openings; i++) {
        end = stpcpy(end, opening);
    }
    for (size_t i = 0; i < closings; i++) {
        end = stpcpy(end, closing);
    }
    refused(text, size, message);
}

static void depth_is_limited(void **state)
{
    (void)state;
    refused_many("[", 2000, "]", 2000, "t:1:66: nested too deep; expected at most 64 levels");
    refused_many("{a: ", 2000, "}", 2000, "t:1:258: nested too deep; expected at most 64 levels");
    refused_many("- ", 10000, "", 0, "t:1:131: nested too deep; expected at most 64 levels");
}

static void an_alias_inside_of_its_value_is_refused(void **state)
{
    static const char text[] = "a: &a {b: *a, c: *a}";

    (void)state;
    refused(text, strlen(text), "t:1:8: nested too deep; expected at most 64 levels");
}

static void an_alias_counts_as_deep_as_it_stands_for(void **state)
{
    (void)state;
    /* Three times 30 levels. */
    const char *text = "a: &a [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
                       "b: &b [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[*a]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
                       "c: &c [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[*b]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n";
    refused(text, strlen(text), "t:1:11: nested too deep; expected at most 64 levels");
}

static void a_bomb_of_aliases_does_not_go_off(void **state)
{
    MT_AUTO_FREE char *text = mt_text_copy("a: &a [x,x,x,x,x,x,x,x,x,x]\n");

    (void)state;
    for (int c = 'b'; c <= 'k'; c++) {
        int before = c - 1;
        char *longer =
            mt_text("%s%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", text, c, c, before,
                    before, before, before, before, before, before, before, before, before);
        free(text);
        text = longer;
    }
    refused(text, strlen(text),
            "t:1:16: too much, with its aliases expanded; expected at most 100000 values");
}

static void size_is_limited(void **state)
{
    (void)state;
    refused_many("- a\n", 200000, "", 0,
                 "t:100000:3: too much, with its aliases expanded; expected at most 100000 values");
    MT_AUTO_FREE char *text = mt_text_copy("");
    for (int i = 0; i <= 1000; i++) {
        char *longer = mt_text("%sk%d:\n", text, i);
        free(text);
        text = longer;
    }
    refused(text, strlen(text), "t:1001:1: too many keys in one mapping; expected at most 1000");
}

static void only_utf8_is_text(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *message;
    } cases[] = {
        {"a: 1\nb\0c", 8, "t:2:2: not YAML: control characters are not allowed"},
        {"a: 1\nb: \xff", 9, "t:2:4: not YAML: invalid leading UTF-8 octet"},
        {"a: 1\nb: \xc3", 9, "t:2:4: not YAML: incomplete UTF-8 octet sequence"},
        {"\xff\xfe"
         "a\0",
         4, "t:1:1: not YAML: invalid leading UTF-8 octet"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        refused(cases[i].bytes, cases[i].size, cases[i].message);
    }
}

static void files_that_are_none(void **state)
{
    struct mt_yaml_file file;
    MT_AUTO_ERROR struct mt_error error = {0};
    char path[] = "/tmp/yaml-test-XXXXXX";
    int fd = mkstemp(path);
    MT_AUTO_FREE char *large = mt_text("%s is larger than 1048576 bytes", path);

    (void)state;
    assert_int_equal(mt_yaml_read("/nowhere/x.yaml", &file, &error), -1);
    assert_string_equal(
        mt_error_text(&error),
        "cannot open /nowhere/x.yaml: No such file or directory; expected a manifest");
    mt_error_clear(&error);
    assert_int_equal(mt_yaml_read("/tmp", &file, &error), -1);
    assert_string_equal(mt_error_text(&error),
                        "cannot read /tmp: Is a directory; expected a manifest");
    mt_error_clear(&error);
    assert_int_equal(ftruncate(fd, 100000000), 0);
    close(fd);
    assert_int_equal(mt_yaml_read(path, &file, &error), -1);
    unlink(path);
    assert_string_equal(mt_error_text(&error), large);
    mt_error_clear(&error);
    /* One without a size of its own, and without end. */
    assert_int_equal(mt_yaml_read("/dev/zero", &file, &error), -1);
    assert_string_equal(mt_error_text(&error), "/dev/zero is larger than 1048576 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_their_places),
        cmocka_unit_test(an_alias_is_what_it_stands_for),
        cmocka_unit_test(nothing_is_null_and_text_is_not),
        cmocka_unit_test(maps_merge_and_the_rest_replaces),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(an_alias_inside_of_its_value_is_refused),
        cmocka_unit_test(an_alias_counts_as_deep_as_it_stands_for),
        cmocka_unit_test(a_bomb_of_aliases_does_not_go_off),
        cmocka_unit_test(size_is_limited),
        cmocka_unit_test(only_utf8_is_text),
        cmocka_unit_test(files_that_are_none),
    };

    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
