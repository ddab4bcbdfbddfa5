/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "manifest/entries.h"
#include "manifest/qemu_args.h"

#define AT(member) offsetof(struct mt_manifest, member)

static const char *const accelerators[] = {"auto", "tcg", "kvm", NULL};
static const char *const memory_backends[] = {"anonymous", "memfd", "hugetlb", "file", NULL};
static const char *const firmwares[] = {"none", "seabios", NULL};
static const char *const networks[] = {"auto", "private", "host", NULL};
static const char *const device_sets[] = {"minimal", "machine", "rich", NULL};
static const char *const lacks[] = {"kvm",    "dirty-ring", "capability", "parameter", "command",
                                    "device", "machine",    "version",    NULL};
static const char *const oracles[] = {"ram", "state", "second-view", "cpuid", "leftovers", NULL};

static int read_version(const struct mt_value_reader *reader, const struct mt_key *key,
                        const struct mt_yaml *node, void *target)
{
    (void)key;
    (void)target;
    if (node->kind != MT_YAML_SCALAR) {
        return mt_yaml_fail(reader->file, node, reader->error, "version is a %s; expected 1",
                            mt_yaml_kind_name(node));
    }
    if (node->quoted || strcmp(node->text, "1") != 0) {
        return mt_yaml_fail(reader->file, node, reader->error, "version is %.60s; expected 1%s",
                            node->text, node->quoted ? " without quotes" : "");
    }
    return 0;
}

static int read_args(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, bool both, void *target)
{
    const struct mt_strings *args = (void *)((char *)target + key->offset);

    if (mt_read_strings(reader, key, node, target) < 0) {
        return -1;
    }
    for (size_t i = 0; i < args->count; i++) {
        const char *why = mt_qemu_args_refusal(args, i, both);
        if (why != NULL) {
            return mt_yaml_fail(reader->file, node->items[i], reader->error,
                                "args has %.60s, which cannot stand there: %s", args->items[i],
                                why);
        }
    }
    return 0;
}

static int read_side_args(const struct mt_value_reader *reader, const struct mt_key *key,
                          const struct mt_yaml *node, void *target)
{
    ((struct mt_manifest_qemu *)target)->args_node = node;
    return read_args(reader, key, node, false, target);
}

static int read_common_args(const struct mt_value_reader *reader, const struct mt_key *key,
                            const struct mt_yaml *node, void *target)
{
    ((struct mt_manifest *)target)->args_node = node;
    return read_args(reader, key, node, true, target);
}

static const struct mt_key side_keys[] = {
    {"binary", mt_read_string, offsetof(struct mt_manifest_qemu, binary), 0, 0, NULL},
    {"args", read_side_args, offsetof(struct mt_manifest_qemu, args), 0, 0, NULL},
    {"env", mt_read_environment, offsetof(struct mt_manifest_qemu, env), 0, 0, NULL},
    {NULL, NULL, 0, 0, 0, NULL},
};

static int read_qemu_side(const struct mt_value_reader *reader, const struct mt_key *key,
                          const struct mt_yaml *node, void *target)
{
    struct mt_manifest_qemu *qemu = (void *)((char *)target + key->offset);

    if (node->kind == MT_YAML_SCALAR && node->text[0] != '\0' && !mt_yaml_is_null(node)) {
        qemu->binary = node->text;
        qemu->place = node;
        return 0;
    }
    qemu->place = mt_yaml_get(node, "binary");
    return mt_read_mapping(reader, node, "a QEMU (binary, args, env)", side_keys, qemu);
}

static const struct mt_key qemu_keys[] = {
    {"source", read_qemu_side, AT(source), 0, 0, NULL},
    {"destination", read_qemu_side, AT(destination), 0, 0, NULL},
    {NULL, NULL, 0, 0, 0, NULL},
};

static int read_qemu(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, void *target)
{
    (void)key;
    return mt_read_mapping(reader, node, "qemu (source, destination)", qemu_keys, target);
}

/* "auto" alone, one name, or names in order of preference. */
static int read_accel(const struct mt_value_reader *reader, const struct mt_key *key,
                      const struct mt_yaml *node, void *target)
{
    const struct mt_strings *names = (void *)((char *)target + key->offset);

    if (mt_read_string_or_strings(reader, key, node, target) < 0) {
        return -1;
    }
    if (names->count == 0) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "%s is an empty list; expected at least one name", key->name);
    }
    if (names->count > 1 && mt_strings_contain(names, "auto")) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "%s has \"auto\" among other names; expected it alone", key->name);
    }
    return 0;
}

static int read_folders(const struct mt_value_reader *reader, const struct mt_key *key,
                        const struct mt_yaml *node, void *target)
{
    if (mt_read_strings(reader, key, node, target) < 0) {
        return -1;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node->items[i]->text[0] == '\0') {
            return mt_yaml_fail(reader->file, node->items[i], reader->error,
                                "%s has an empty entry; expected a folder", key->name);
        }
    }
    return 0;
}

static int read_word_as_flag(const struct mt_value_reader *reader, const struct mt_key *key,
                             const struct mt_yaml *node, void *target, const char *word)
{
    const char *text = NULL;
    struct mt_key alone = *key;

    alone.offset = 0;
    if (mt_read_string(reader, &alone, node, &text) < 0) {
        return -1;
    }
    *(bool *)((char *)target + key->offset) = strcmp(text, word) == 0;
    return 0;
}

static int read_hold(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, void *target)
{
    return read_word_as_flag(reader, key, node, target, "always");
}

static int read_flaky(const struct mt_value_reader *reader, const struct mt_key *key,
                      const struct mt_yaml *node, void *target)
{
    return read_word_as_flag(reader, key, node, target, "forbid");
}

static int read_jobs(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, void *target)
{
    if (node->kind == MT_YAML_SCALAR && strcmp(node->text, "auto") == 0) {
        *(int64_t *)((char *)target + key->offset) = 0;
        return 0;
    }
    return mt_read_int(reader, key, node, target);
}

bool mt_plugin_name_is_possible(const char *name)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

    return name[0] != '\0' && strchr(first, name[0]) != NULL && strspn(name, all) == strlen(name) &&
           strlen(name) <= 64;
}

static int read_options(const struct mt_value_reader *reader, const struct mt_key *key,
                        const struct mt_yaml *node, void *target)
{
    if (mt_yaml_is_null(node)) {
        return 0;
    }
    if (node->kind != MT_YAML_MAPPING) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "options is a %s; expected a mapping", mt_yaml_kind_name(node));
    }
    *(const struct mt_yaml **)((char *)target + key->offset) = node;
    return 0;
}

static const struct mt_key plugin_keys[] = {
    {"enabled", mt_read_bool, offsetof(struct mt_manifest_plugin, enabled), 0, 0, NULL},
    {"reason", mt_read_string, offsetof(struct mt_manifest_plugin, reason), 0, 0, NULL},
    {"require", mt_read_strings, offsetof(struct mt_manifest_plugin, require), 0, 0, lacks},
    {"options", read_options, offsetof(struct mt_manifest_plugin, options), 0, 0, NULL},
    {NULL, NULL, 0, 0, 0, NULL},
};

static int read_plugin(const struct mt_value_reader *reader, const struct mt_yaml *name,
                       const struct mt_yaml *node, struct mt_manifest_plugin *plugin)
{
    if (!mt_plugin_name_is_possible(name->text)) {
        return mt_yaml_fail(reader->file, name, reader->error,
                            "\"%.60s\" cannot be a plugin's name; expected lower-case letters, "
                            "digits, \"_\" and \"-\", at most 64",
                            name->text);
    }
    *plugin = (struct mt_manifest_plugin){
        .name = name->text, .enabled = true, .reason = "", .place = name};
    /* "precopy:" with nothing behind it means what "precopy: {}" does. */
    if (mt_yaml_is_null(node)) {
        return 0;
    }
    return mt_read_mapping(reader, node, "a plugin (enabled, reason, require, options)",
                           plugin_keys, plugin);
}

static int read_plugins(const struct mt_value_reader *reader, const struct mt_key *key,
                        const struct mt_yaml *node, void *target)
{
    struct mt_manifest *manifest = target;

    (void)key;
    if (node->kind != MT_YAML_MAPPING) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "plugins is a %s; expected a mapping of names",
                            mt_yaml_kind_name(node));
    }
    manifest->plugins = mt_alloc(node->count, sizeof(*manifest->plugins));
    for (size_t i = 0; i < node->count; i++) {
        struct mt_manifest_plugin *plugin = &manifest->plugins[manifest->plugin_count++];
        if (read_plugin(reader, node->keys[i], node->items[i], plugin) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Applied and checked before the tree is read; see manifest.c. */
static int read_hosts(const struct mt_value_reader *reader, const struct mt_key *key,
                      const struct mt_yaml *node, void *target)
{
    (void)reader;
    (void)key;
    (void)node;
    (void)target;
    return 0;
}

static const struct mt_key keys[] = {
    {"version", read_version, 0, 0, 0, NULL},
    {"name", mt_read_string, AT(name), 0, 0, NULL},
    {"qemu", read_qemu, 0, 0, 0, NULL},
    {"machine", mt_read_string, AT(machine), 0, 0, NULL},
    {"accel", read_accel, AT(accel), 0, 0, accelerators},
    {"cpu", mt_read_string, AT(cpu), 0, 0, NULL},
    {"smp", mt_read_int, AT(smp), 1, 255, NULL},
    /* The guest program writes to its first 100 MiB. */
    {"ram", mt_read_size, AT(ram), 101 << 20, (int64_t)1 << 40, NULL},
    {"memory_backend", mt_read_string, AT(memory_backend), 0, 0, memory_backends},
    {"firmware", mt_read_string, AT(firmware), 0, 0, firmwares},
    {"devices", mt_read_string, AT(devices), 0, 0, device_sets},
    {"args", read_common_args, AT(args), 0, 0, NULL},
    {"network", mt_read_string, AT(network), 0, 0, networks},
    {"hold", read_hold, AT(hold), 0, 0, (const char *const[]){"always", "never", NULL}},
    {"slow", mt_read_bool, AT(slow), 0, 0, NULL},
    {"timeout", mt_read_duration, AT(timeout_ms), 1, (int64_t)24 * 3600 * 1000, NULL},
    {"jobs", read_jobs, AT(jobs), 1, 1024, NULL},
    {"flaky", read_flaky, AT(flaky_forbidden), 0, 0,
     (const char *const[]){"allow", "forbid", NULL}},
    {"max_skips", mt_read_int, AT(max_skips), 0, INT32_MAX, NULL},
    {"require", mt_read_strings, AT(require), 0, 0, lacks},
    {"assume", mt_read_strings, AT(assume), 0, 0, NULL},
    {"blind", mt_read_strings, AT(blind), 0, 0, oracles},
    {"not_kept", mt_read_not_kept, AT(not_kept), 0, 0, NULL},
    {"quarantine", mt_read_quarantine, AT(quarantine), 0, 0, NULL},
    {"limits", mt_read_limits, 0, 0, 0, NULL},
    {"plugin_path", read_folders, AT(plugin_path), 0, 0, NULL},
    {"results", mt_read_string, AT(results), 0, 0, NULL},
    {"plugins", read_plugins, 0, 0, 0, NULL},
    {"hosts", read_hosts, 0, 0, 0, NULL},
    {NULL, NULL, 0, 0, 0, NULL},
};

int mt_manifest_read_keys(const struct mt_value_reader *reader, const struct mt_yaml *root,
                          struct mt_manifest *manifest)
{
    return mt_read_mapping(reader, root, "a manifest", keys, manifest);
}

const struct mt_key *mt_manifest_keys(const char *mapping)
{
    static const struct {
        const char *name;
        const struct mt_key *keys;
    } mappings[] = {
        {"", keys}, {"qemu", qemu_keys}, {"source", side_keys}, {"plugins", plugin_keys}};

    for (size_t i = 0; i < sizeof(mappings) / sizeof(mappings[0]); i++) {
        if (strcmp(mappings[i].name, mapping) == 0) {
            return mappings[i].keys;
        }
    }
    return mt_manifest_entry_keys(mapping);
}
