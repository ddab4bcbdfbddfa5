/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest on different hosts. (e2e/bad_manifests.sh has manifests that are refused.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/suggest.h"
#include "manifest/manifest.h"

static const char example[] =
    "version: 1\n"
    "name: nightly\n"
    "qemu:\n"
    "  source: {binary: /opt/qemu, args: [-no-shutdown], env: {LANG: C}}\n"
    "accel: [kvm, tcg]\n"
    "ram: 2GiB\n"
    "hold: never\n"
    "timeout: 2m\n"
    "jobs: 3\n"
    "max_skips: 0\n"
    "require: [kvm]\n"
    "plugin_path: [plugins, /abs]\n"
    "quarantine:\n"
    "  - {test: \"a:b\", reason: bug, until: 2027-03-01}\n"
    "plugins:\n"
    "  precopy: {}\n"
    "  multifd: {options: {channels: 4}, require: [command]}\n"
    "  fd:\n"
    "hosts:\n"
    "  - match: \"build*\"\n"
    "    require: [dirty-ring]\n"
    "    plugins: {fd: {enabled: false, reason: \"no room\"}}\n"
    "  - match: \"*7\"\n"
    "    plugins: {multifd: {options: {channels: 2}}}\n";

static struct mt_manifest *load(const char *host)
{
    static const char path[] = "test-manifest/example.yaml";
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_manifest *manifest = NULL;

    assert_int_equal(mt_folder_make("test-manifest", &error), 0);
    assert_int_equal(mt_file_write(path, example, strlen(example), &error), 0);
    assert_int_equal(mt_manifest_load(path, host, &manifest, &error), 0);
    assert_int_equal(mt_folder_remove("test-manifest", &error), 0);
    return manifest;
}

static void values_are_typed(void **state)
{
    struct mt_manifest *manifest = load("elsewhere");

    (void)state;
    assert_string_equal(manifest->name, "nightly");
    assert_string_equal(manifest->source.binary, "/opt/qemu");
    assert_string_equal(manifest->source.args.items[0], "-no-shutdown");
    assert_string_equal(manifest->source.env.items[0], "LANG=C");
    assert_string_equal(manifest->destination.binary, "qemu-system-x86_64");
    assert_int_equal(manifest->accel.count, 2);
    assert_true(manifest->ram == (int64_t)2 << 30);
    assert_false(manifest->hold);
    assert_int_equal(manifest->timeout_ms, 120000);
    assert_int_equal(manifest->jobs, 3);
    assert_int_equal(manifest->max_skips, 0);
    assert_string_equal(manifest->plugin_path.items[0], "test-manifest/plugins");
    assert_string_equal(manifest->plugin_path.items[1], "/abs");
    assert_int_equal(manifest->plugin_count, 3);
    assert_true(manifest->plugins[2].enabled);
    mt_manifest_destroy(manifest);
}

static void maps_merge_and_lists_replace_on_a_matching_host(void **state)
{
    struct mt_manifest *manifest = load("builder-7");
    MT_AUTO_ERROR struct mt_error error = {0};
    json_t *declared = json_pack("[{s:s, s:s, s:i, s:i, s:i}]", "name", "channels", "type", "int",
                                 "default", 16, "min", 1, "max", 255);
    json_t *values = NULL;

    (void)state;
    assert_int_equal(manifest->require.count, 1);
    assert_string_equal(manifest->require.items[0], "dirty-ring");
    assert_false(manifest->plugins[2].enabled);
    assert_string_equal(manifest->plugins[2].reason, "no room");
    assert_string_equal(manifest->plugins[1].require.items[0], "command");
    assert_int_equal(
        mt_manifest_options(manifest, &manifest->plugins[1], declared, &values, &error), 0);
    assert_int_equal(json_integer_value(json_object_get(values, "channels")), 2);
    json_decref(values);
    json_decref(declared);
    mt_manifest_destroy(manifest);
}

static void what_is_resolved_resolves_to_itself(void **state)
{
    struct mt_manifest *manifest = load("builder-7");
    struct mt_manifest *again = NULL;
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *first = NULL;
    MT_AUTO_FREE char *second = NULL;
    size_t size;

    (void)state;
    FILE *out = open_memstream(&first, &size);
    mt_manifest_print(manifest, out);
    fclose(out);
    assert_int_equal(mt_file_write("resolved.yaml", first, size, &error), 0);
    assert_int_equal(mt_manifest_load("resolved.yaml", "elsewhere", &again, &error), 0);
    /* A relative plugin path is relative to the file's folder, which is the current folder here. */
    out = open_memstream(&second, &size);
    mt_manifest_print(again, out);
    fclose(out);
    assert_non_null(strstr(second, "channels: 2"));
    assert_non_null(strstr(second, "enabled: false"));
    assert_int_equal(unlink("resolved.yaml"), 0);
    mt_manifest_destroy(manifest);
    mt_manifest_destroy(again);
}

static void default_manifest_has_the_four_plugins(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_manifest *manifest = NULL;

    (void)state;
    assert_int_equal(mt_manifest_load(NULL, "here", &manifest, &error), 0);
    assert_int_equal(manifest->plugin_count, 4);
    assert_string_equal(manifest->accel.items[0], "auto");
    assert_true(manifest->ram == 150 << 20);
    mt_manifest_destroy(manifest);
}

static void nearest_word_is_suggested(void **state)
{
    static const char *const words[] = {"plugins", "name", "slow", NULL};

    (void)state;
    assert_string_equal(mt_suggest("plugin", words), "plugins");
    assert_string_equal(mt_suggest("slwo", words), "slow");
    assert_null(mt_suggest("destination", words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_typed),
        cmocka_unit_test(maps_merge_and_lists_replace_on_a_matching_host),
        cmocka_unit_test(what_is_resolved_resolves_to_itself),
        cmocka_unit_test(default_manifest_has_the_four_plugins),
        cmocka_unit_test(nearest_word_is_suggested),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
