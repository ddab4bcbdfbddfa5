/* SPDX-License-Identifier: Apache-2.0 */
/* The value of each key of a manifest, and its default value where the key is absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

static void the_built_in_one_has_the_four_plugins(void **state)
{
    static const char *const names[] = {"precopy", "multifd", "dirtylimit", "fd"};
    struct mt_manifest *manifest = NULL;

    (void)state;
    assert_int_equal(mt_manifest_load(NULL, "here", &manifest, NULL), 0);
    assert_string_equal(manifest->file.name, "<default>");
    assert_int_equal(manifest->plugin_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(manifest->plugins[i].name, names[i]);
        assert_true(manifest->plugins[i].enabled);
    }
    mt_manifest_destroy(manifest);
}

static void defaults_are_those_of_the_contract(void **state)
{
    struct mt_manifest *manifest = loaded("version: 1\n", "here");

    (void)state;
    assert_string_equal(manifest->name, "");
    assert_string_equal(manifest->source.binary, "qemu-system-x86_64");
    assert_string_equal(manifest->destination.binary, "qemu-system-x86_64");
    assert_string_equal(manifest->machine, "q35");
    assert_int_equal(manifest->accel.count, 1);
    assert_string_equal(manifest->accel.items[0], "auto");
    assert_string_equal(manifest->cpu, "qemu64");
    assert_int_equal(manifest->smp, 1);
    assert_int_equal(manifest->ram, 150 << 20);
    assert_string_equal(manifest->memory_backend, "anonymous");
    assert_string_equal(manifest->firmware, "none");
    assert_string_equal(manifest->devices, "minimal");
    assert_string_equal(manifest->network, "auto");
    assert_true(manifest->hold);
    assert_false(manifest->slow);
    assert_int_equal(manifest->timeout_ms, 60000);
    assert_int_equal(manifest->jobs, 0);
    assert_true(manifest->flaky_allowed);
    assert_int_equal(manifest->max_skips, -1);
    assert_string_equal(manifest->results, "migtest-results");
    assert_int_equal(manifest->plugin_count, 0);
    mt_manifest_destroy(manifest);
}

static void every_key_arrives(void **state)
{
    struct mt_manifest *manifest = loaded(
        "version: 1\n"
        "name: nightly-rich\n"
        "qemu: {source: /opt/a, destination: {binary: b, args: [-L, x], env: {LANG: C}}}\n"
        "machine: pc\naccel: [kvm, tcg]\ncpu: 486\nsmp: 4\nram: 2GiB\nmemory_backend: memfd\n"
        "firmware: seabios\ndevices: rich\nargs: [-no-hpet]\nnetwork: host\nhold: never\nslow: "
        "true\n"
        "timeout: 500ms\njobs: 3\nflaky: forbid\nmax_skips: 0\nrequire: [kvm, dirty-ring]\n"
        "assume: [suspend-kept]\nblind: [ram]\n"
        "not_kept: [{section: \"0000:00:01.1/ide\", field: f, reason: r}]\n"
        "quarantine: [{test: t, reason: r, until: 2028-02-29}]\n"
        "limits: {memory: 4GiB, processes: 64, file_size: 2GiB}\nresults: out\n"
        "plugins:\n  fd: {enabled: false, reason: why, require: [kvm], options: {a: 1}}\n",
        "here");

    (void)state;
    assert_string_equal(manifest->name, "nightly-rich");
    assert_string_equal(manifest->source.binary, "/opt/a");
    assert_string_equal(manifest->destination.args.items[1], "x");
    assert_string_equal(manifest->destination.env.items[0], "LANG=C");
    assert_string_equal(manifest->machine, "pc");
    assert_string_equal(manifest->accel.items[0], "kvm");
    assert_string_equal(manifest->accel.items[1], "tcg");
    assert_string_equal(manifest->cpu, "486");
    assert_int_equal(manifest->smp, 4);
    assert_int_equal(manifest->ram, (int64_t)2 << 30);
    assert_string_equal(manifest->memory_backend, "memfd");
    assert_string_equal(manifest->firmware, "seabios");
    assert_string_equal(manifest->devices, "rich");
    assert_string_equal(manifest->args.items[0], "-no-hpet");
    assert_string_equal(manifest->network, "host");
    assert_false(manifest->hold);
    assert_true(manifest->slow);
    assert_int_equal(manifest->timeout_ms, 500);
    assert_int_equal(manifest->jobs, 3);
    assert_false(manifest->flaky_allowed);
    assert_int_equal(manifest->max_skips, 0);
    assert_int_equal(manifest->require.count, 2);
    assert_string_equal(manifest->assume.items[0], "suspend-kept");
    assert_string_equal(manifest->blind.items[0], "ram");
    assert_int_equal(manifest->not_kept->count, 1);
    assert_string_equal(mt_yaml_get(manifest->quarantine->items[0], "until")->text, "2028-02-29");
    assert_int_equal(manifest->memory_limit, (int64_t)4 << 30);
    assert_int_equal(manifest->process_limit, 64);
    assert_int_equal(manifest->file_size_limit, (int64_t)2 << 30);
    assert_string_equal(manifest->results, "out");
    assert_false(manifest->plugins[0].enabled);
    assert_string_equal(manifest->plugins[0].reason, "why");
    assert_string_equal(manifest->plugins[0].require.items[0], "kvm");
    assert_int_equal(manifest->plugins[0].place->line, 28);
    mt_manifest_destroy(manifest);
}

static void times_and_sizes_have_units(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } times[] = {{"60s", 60000}, {"500ms", 500}, {"2m", 120000}, {"1h", 3600000}, {"90", 90000}};
    static const struct {
        const char *text;
        int64_t bytes;
    } sizes[] = {{"150MiB", 157286400},
                 {"1GiB", 1 << 30},
                 {"204800KiB", 200 << 20},
                 {"157286400", 157286400}};

    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        char *text = mt_text("version: 1\ntimeout: %s\n", times[i].text);
        struct mt_manifest *manifest = loaded(text, "here");
        assert_int_equal(manifest->timeout_ms, times[i].ms);
        mt_manifest_destroy(manifest);
        free(text);
    }
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *text = mt_text("version: 1\nram: %s\n", sizes[i].text);
        struct mt_manifest *manifest = loaded(text, "here");
        assert_int_equal(manifest->ram, sizes[i].bytes);
        mt_manifest_destroy(manifest);
        free(text);
    }
}

static void a_plugin_with_nothing_behind_it_is_at_its_defaults(void **state)
{
    struct mt_manifest *manifest =
        loaded("version: 1\nplugins:\n  fd:\n  x: {options: }\n", "here");

    (void)state;
    assert_int_equal(manifest->plugin_count, 2);
    assert_true(manifest->plugins[0].enabled);
    assert_null(manifest->plugins[1].options);
    mt_manifest_destroy(manifest);
}

static void the_plugin_path_is_relative_to_the_file(void **state)
{
    struct mt_manifest *manifest =
        loaded("version: 1\nplugin_path: [plugins, ../other, /opt/plugins]\n", "here");

    (void)state;
    assert_string_equal(manifest->plugin_path.items[0], "/tmp/plugins");
    assert_string_equal(manifest->plugin_path.items[1], "/tmp/../other");
    assert_string_equal(manifest->plugin_path.items[2], "/opt/plugins");
    mt_manifest_destroy(manifest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_one_has_the_four_plugins),
        cmocka_unit_test(defaults_are_those_of_the_contract),
        cmocka_unit_test(every_key_arrives),
        cmocka_unit_test(times_and_sizes_have_units),
        cmocka_unit_test(a_plugin_with_nothing_behind_it_is_at_its_defaults),
        cmocka_unit_test(the_plugin_path_is_relative_to_the_file),
    };

    return cmocka_run_group_tests_name("manifest_keys", tests, NULL, NULL);
}
