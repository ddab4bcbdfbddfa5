/* SPDX-License-Identifier: Apache-2.0 */
/* The output of check --resolved is a manifest that is the same on every host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "scratch.h"

#define CONFIG MT_TEST_SOURCE_DIR "/../../../config/"

static char *printed(const struct mt_manifest *manifest)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    mt_manifest_print(manifest, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *resolve(const char *text, const char *host)
{
    struct mt_manifest *manifest = loaded(text, host);
    char *resolved = printed(manifest);

    mt_manifest_destroy(manifest);
    return resolved;
}

static void round_trip(const char *text, const char *host)
{
    MT_AUTO_FREE char *once = resolve(text, host);
    MT_AUTO_FREE char *twice = resolve(once, "some-other-host");

    assert_string_equal(once, twice);
}

static void the_manifests_that_people_copy(void **state)
{
    static const char *const files[] = {CONFIG "default.yaml", CONFIG "nightly.yaml"};
    static const char *const hosts[] = {"here", "kvm-1", "builder-1"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        MT_AUTO_FREE char *text = NULL;
        assert_int_equal(mt_file_read(files[i], 1 << 20, &text, NULL, NULL), 0);
        for (size_t j = 0; j < 3; j++) {
            round_trip(text, hosts[j]);
        }
    }
}

/* Some YAML readers read these texts as another type. */
static void texts_that_look_like_something_else(void **state)
{
    static const char *const texts[] = {
        "null",
        "~",
        "true",
        "no",
        "1",
        "1e3",
        "0x10",
        "2027-03-01",
        "a: b",
        "a #b",
        "- a",
        "[a]",
        "{a}",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "a,b",
        " lead",
        "trail ",
        "'",
        "a'b",
        "\\\\",
        "\\\"",
        "\\n",
        "a\\nb",
        "\\t",
        "\\e",
        "\\u00e9",
        "\\u2028",
        "\\U0001F600",
        "---",
        "...",
        "?",
        ":",
        "a long text with blanks in it that is longer than the eighty columns of a line on paper",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        MT_AUTO_FREE char *text =
            mt_text("version: 1\nname: \"%s\"\nargs: [\"%s\", \"\"]\n"
                    "qemu: {source: {binary: \"%s\", env: {A: \"%s\"}}}\n"
                    "plugins: {p: {reason: \"%s\", options: {o: \"%s\"}}}\n",
                    texts[i], texts[i], texts[i], texts[i], texts[i], texts[i]);
        struct mt_manifest *first = loaded(text, "here");
        MT_AUTO_FREE char *resolved = printed(first);
        struct mt_manifest *second = loaded(resolved, "here");
        assert_string_equal(first->name, second->name);
        assert_string_equal(first->args.items[0], second->args.items[0]);
        assert_string_equal(second->args.items[1], "");
        assert_string_equal(first->source.binary, second->source.binary);
        assert_string_equal(first->source.env.items[0], second->source.env.items[0]);
        assert_string_equal(first->plugins[0].reason, second->plugins[0].reason);
        assert_string_equal(mt_yaml_get(first->plugins[0].options, "o")->text,
                            mt_yaml_get(second->plugins[0].options, "o")->text);
        assert_true(mt_yaml_get(second->plugins[0].options, "o")->quoted);
        mt_manifest_destroy(first);
        mt_manifest_destroy(second);
    }
}

static void a_long_line_stays_one(void **state)
{
    static const char long_name[] = "name: a text of several words that is longer than the eighty "
                                    "columns after which an emitter likes to fold\n";
    MT_AUTO_FREE char *text = mt_text("version: 1\n%s", long_name);
    MT_AUTO_FREE char *resolved = resolve(text, "here");

    (void)state;
    assert_non_null(strstr(resolved, long_name));
}

static void folders_are_in_full(void **state)
{
    static const char path[] = "relative-plugin-path.yaml";
    static const char text[] = "version: 1\nplugin_path: [plugins]\n";
    MT_AUTO_FREE char *here = get_current_dir_name();
    MT_AUTO_FREE char *line = mt_text("\nplugin_path: [%s/./plugins]\n", here);
    struct mt_manifest *manifest = NULL;

    (void)state;
    assert_int_equal(mt_file_write(path, text, strlen(text), NULL), 0);
    int result = mt_manifest_load(path, "here", &manifest, NULL);
    unlink(path);
    assert_int_equal(result, 0);
    MT_AUTO_FREE char *resolved = printed(manifest);
    assert_non_null(strstr(resolved, line));
    mt_manifest_destroy(manifest);
    round_trip(resolved, "here");
}

static void nothing_stays_nothing(void **state)
{
    MT_AUTO_FREE char *resolved = resolve("version: 1\nplugins: {p: {options: {o: }}}\n", "here");
    struct mt_manifest *manifest = loaded(resolved, "here");

    (void)state;
    assert_true(mt_yaml_is_null(mt_yaml_get(manifest->plugins[0].options, "o")));
    mt_manifest_destroy(manifest);
}

static void odd_sizes_lose_nothing(void **state)
{
    MT_AUTO_FREE char *resolved = resolve("version: 1\nram: 157286401\ntimeout: 1500ms\n", "here");

    (void)state;
    assert_non_null(strstr(resolved, "\nram: 157286401\n"));
    assert_non_null(strstr(resolved, "\ntimeout: 1500ms\n"));
    round_trip(resolved, "here");
}

static void shows_what_this_host_uses(void **state)
{
    MT_AUTO_FREE char *text = NULL;

    (void)state;
    assert_int_equal(mt_file_read(CONFIG "nightly.yaml", 1 << 20, &text, NULL, NULL), 0);
    MT_AUTO_FREE char *there = resolve(text, "kvm-1");
    MT_AUTO_FREE char *elsewhere = resolve(text, "laptop");
    assert_non_null(strstr(there, "\nrequire: [kvm, dirty-ring]\n"));
    assert_non_null(strstr(elsewhere, "\nrequire: []\n"));
    assert_null(strstr(there, "hosts:"));
}

static void lists_and_trees_come_back(void **state)
{
    static const char *const lines[] = {
        "accel: [kvm, tcg]",
        "args: [-a, b c]",
        "hold: never",
        "jobs: 2",
        "flaky: forbid",
        "max_skips: 3",
        "assume: [x]",
        "blind: [ram]",
        "not_kept: [{section: '0000:00:01.1/ide', field: 'b[1].m', reason: r}]",
        "quarantine: [{test: 'a:b/c', reason: bug 1, until: 2027-03-01}]",
        "limits: {memory: 4GiB, processes: 64, file_size: 2GiB}",
        "plugin_path: [/opt/p]",
        ("  p: {enabled: true, require: [kvm], options: {a: 1, b: '1', c: true, d: null, e: "
         "'null'}}"),
    };
    MT_AUTO_FREE char *text = mt_text_copy("version: 1\nplugins:\n");

    (void)state;
    for (size_t i = sizeof(lines) / sizeof(lines[0]); i > 0; i--) {
        char *longer = mt_text("%s%s\n", text, lines[i - 1]);
        free(text);
        text = longer;
    }
    MT_AUTO_FREE char *resolved = resolve(text, "here");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (strstr(resolved, lines[i]) == NULL) {
            print_error("no \"%s\" in\n%s", lines[i], resolved);
            fail();
        }
    }
    round_trip(text, "here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manifests_that_people_copy),
        cmocka_unit_test(texts_that_look_like_something_else),
        cmocka_unit_test(a_long_line_stays_one),
        cmocka_unit_test(folders_are_in_full),
        cmocka_unit_test(nothing_stays_nothing),
        cmocka_unit_test(odd_sizes_lose_nothing),
        cmocka_unit_test(shows_what_this_host_uses),
        cmocka_unit_test(lists_and_trees_come_back),
    };

    return cmocka_run_group_tests_name("manifest_resolved", tests, NULL, NULL);
}
