/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of hosts: all that match apply in order; mappings merge, lists and scalars replace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "manifest/hosts.h"
#include "scratch.h"

static const char fleet[] =
    "version: 1\n"
    "cpu: max\n"
    "args: [-a, -b]\n"
    "qemu: {source: /opt/qemu, destination: {binary: /opt/new, env: {A: a}}}\n"
    "plugins:\n"
    "  fd: {enabled: false, reason: why}\n"
    "  multifd: {options: {channels: 4, other: x}}\n"
    "hosts:\n"
    "  - match: \"kvm-*\"\n"
    "    cpu: host\n"
    "    args: [-c]\n"
    "    qemu: {source: {args: [-L, x]}, destination: {env: {B: b}}}\n"
    "    plugins: {multifd: {options: {channels: 16}}, fd: , vendor: {}}\n"
    "  - match: \"*-[12]\"\n"
    "    cpu: Haswell\n"
    "    plugins: {fd: {enabled: true}}\n";

static void cpu_of(const char *host, const char *cpu)
{
    struct mt_manifest *manifest = loaded(fleet, host);

    assert_string_equal(manifest->cpu, cpu);
    mt_manifest_destroy(manifest);
}

static void every_match_applies_in_order(void **state)
{
    (void)state;
    cpu_of("elsewhere", "max");
    cpu_of("kvm-9", "host");
    cpu_of("kvm-1", "Haswell");
    cpu_of("builder-2", "Haswell");
}

static void maps_merge(void **state)
{
    struct mt_manifest *manifest = loaded(fleet, "kvm-9");

    (void)state;
    assert_int_equal(manifest->plugin_count, 3);
    assert_string_equal(manifest->plugins[2].name, "vendor");
    assert_string_equal(mt_yaml_get(manifest->plugins[1].options, "channels")->text, "16");
    assert_string_equal(mt_yaml_get(manifest->plugins[1].options, "other")->text, "x");
    assert_int_equal(mt_yaml_get(manifest->plugins[1].options, "channels")->line, 13);
    assert_int_equal(mt_yaml_get(manifest->plugins[1].options, "other")->line, 7);
    assert_int_equal(manifest->destination.env.count, 2);
    assert_string_equal(manifest->destination.binary, "/opt/new");
    mt_manifest_destroy(manifest);
}

static void lists_replace(void **state)
{
    struct mt_manifest *manifest = loaded(fleet, "kvm-9");

    (void)state;
    assert_int_equal(manifest->args.count, 1);
    assert_string_equal(manifest->args.items[0], "-c");
    mt_manifest_destroy(manifest);
}

static void arguments_for_a_side_leave_its_binary(void **state)
{
    struct mt_manifest *manifest = loaded(fleet, "kvm-9");

    (void)state;
    assert_string_equal(manifest->source.binary, "/opt/qemu");
    assert_string_equal(manifest->source.args.items[1], "x");
    mt_manifest_destroy(manifest);
    manifest = loaded("version: 1\nqemu: {destination: /opt/old}\n"
                      "hosts: [{match: \"*\", qemu: {destination: {env: {A: a}}}}]\n",
                      "here");
    assert_string_equal(manifest->destination.binary, "/opt/old");
    assert_string_equal(manifest->destination.env.items[0], "A=a");
    mt_manifest_destroy(manifest);
}

static void a_name_alone_does_not_enable_what_is_disabled(void **state)
{
    struct mt_manifest *there = loaded(fleet, "kvm-9");
    struct mt_manifest *enabled = loaded(fleet, "kvm-1");

    (void)state;
    assert_false(there->plugins[0].enabled);
    assert_true(enabled->plugins[0].enabled);
    mt_manifest_destroy(there);
    mt_manifest_destroy(enabled);
}

static void only_so_many_entries(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_manifest *manifest = NULL;
    MT_AUTO_FREE char *text = mt_text_copy("version: 1\nhosts:\n");

    (void)state;
    for (int i = 0; i <= 1000; i++) {
        char *longer = mt_text("%s- {match: \"*\", smp: 2}\n", text);
        free(text);
        text = longer;
    }
    assert_int_equal(load_text(text, "here", &manifest, &error), -1);
    assert_string_equal(mt_error_text(&error),
                        "3:1: hosts is a list; expected a list of at most 1000 entries");
}

static void globs_with_an_end(void **state)
{
    static const char *const possible[] = {"",    "*",    "a?b", "[abc]", "[!a]x",
                                           "[]]", "[^]]", "\\[", "]"};
    static const char *const impossible[] = {"[", "a[b", "[]", "[!]", "a\\", "[a][b"};

    (void)state;
    for (size_t i = 0; i < sizeof(possible) / sizeof(possible[0]); i++) {
        assert_true(mt_glob_is_possible(possible[i]));
    }
    for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
        assert_false(mt_glob_is_possible(impossible[i]));
    }
}

static void a_name_is_no_glob(void **state)
{
    struct mt_manifest *manifest = loaded("version: 1\nhosts: [{match: \"a\", cpu: max}]\n", "[a]");

    (void)state;
    assert_string_equal(manifest->cpu, "qemu64");
    mt_manifest_destroy(manifest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_match_applies_in_order),
        cmocka_unit_test(maps_merge),
        cmocka_unit_test(lists_replace),
        cmocka_unit_test(arguments_for_a_side_leave_its_binary),
        cmocka_unit_test(a_name_alone_does_not_enable_what_is_disabled),
        cmocka_unit_test(only_so_many_entries),
        cmocka_unit_test(globs_with_an_end),
        cmocka_unit_test(a_name_is_no_glob),
    };

    return cmocka_run_group_tests_name("manifest_hosts", tests, NULL, NULL);
}
