/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/keys.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "manifest/manifest.h"
#include "manifest/qemu_args.h"
#include "manifest/values.h"

#define AT(member) .offset = offsetof(struct mt_manifest, member)
#define QEMU_AT(member) .offset = offsetof(struct mt_manifest_qemu, member)
#define PLUGIN_AT(member) .offset = offsetof(struct mt_manifest_plugin, member)
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const lacks[] = {"kvm",    "dirty-ring", "capability", "parameter", "command",
                                    "device", "machine",    "version",    NULL};

char *mt_key_number_text(const struct mt_key *key, int64_t value)
{
    switch (key->type) {
    case MT_KEY_SIZE:
        return mt_size_text(value);
    case MT_KEY_DURATION:
        return mt_duration_text(value);
    default:
        return mt_text("%" PRId64, value);
    }
}

bool mt_plugin_name_is_possible(const char *name)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

    return name[0] != '\0' && strchr(first, name[0]) != NULL && strspn(name, all) == strlen(name) &&
           strlen(name) <= 64;
}

static int check_args(const struct mt_key_reader *reader, const struct mt_yaml *node,
                      const struct mt_strings *args, bool both)
{
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

static int check_args_of_both(const struct mt_key_reader *reader, const struct mt_yaml *node,
                              void *target)
{
    struct mt_manifest *manifest = target;

    manifest->args_node = node;
    return check_args(reader, node, &manifest->args, true);
}

static int check_args_of_side(const struct mt_key_reader *reader, const struct mt_yaml *node,
                              void *target)
{
    struct mt_manifest_qemu *qemu = target;

    qemu->args_node = node;
    return check_args(reader, node, &qemu->args, false);
}

static const struct mt_key qemu_keys[] = {
    {"binary", MT_KEY_TEXT, QEMU_AT(binary), .fallback = "qemu-system-x86_64",
     .about = "The program: a path, if the text has a slash in it; else a name on the shelf, if "
              "the shelf has such a name; else a name to look for in PATH."},
    {"args", MT_KEY_LIST, QEMU_AT(args), .check = check_args_of_side,
     .about = "More command-line arguments for this QEMU only."},
    {"env", MT_KEY_ENV, QEMU_AT(env), .about = "More environment variables for this QEMU."},
    {.name = NULL},
};

static const struct mt_key sides_keys[] = {
    {"source", MT_KEY_QEMU, AT(source), .keys = qemu_keys, .noun = "a QEMU",
     .about = "The QEMU to migrate from: its binary, or a mapping."},
    {"destination", MT_KEY_QEMU, AT(destination), .keys = qemu_keys, .noun = "a QEMU",
     .about = "The QEMU to migrate to: its binary, or a mapping."},
    {.name = NULL},
};

static const struct mt_key not_kept_keys[] = {
    {"section", MT_KEY_TEXT, .presence = MT_KEY_REQUIRED,
     .about = "The section of the device state, as a failure names the section, but without a #1 "
              "at its end; or the part of this name after its last slash."},
    {"field", MT_KEY_TEXT, .presence = MT_KEY_ALTERNATIVE,
     .about = "The field in the section, without a [64] that selects bytes of a buffer."},
    {"subsection", MT_KEY_TEXT, .presence = MT_KEY_ALTERNATIVE,
     .about = "In place of a field: a subsection in the section that only one side has, as a "
              "failure names the subsection."},
    {"reason", MT_KEY_TEXT, .presence = MT_KEY_REQUIRED,
     .about = "Why the field or the subsection is not kept."},
    {.name = NULL},
};

static const struct mt_key quarantine_keys[] = {
    {"test", MT_KEY_TEXT, .presence = MT_KEY_REQUIRED,
     .about = "A glob that the tests match, as PLUGIN:NAME or as NAME."},
    {"reason", MT_KEY_TEXT, .presence = MT_KEY_REQUIRED,
     .about = "Why the tests are in quarantine."},
    {"until", MT_KEY_DATE, .presence = MT_KEY_REQUIRED,
     .about = "The last day of the quarantine, as YYYY-MM-DD."},
    {.name = NULL},
};

static const struct mt_key limits_keys[] = {
    {"memory", MT_KEY_SIZE, AT(memory_limit), .minimum = 1 << 20, .maximum = (int64_t)1 << 50,
     .about = "The memory of the worker and its QEMUs together. Without this key: three times ram, "
              "and 2GiB."},
    {"processes", MT_KEY_INT, AT(process_limit), .minimum = 1, .maximum = 1 << 20,
     .about = "The number of processes and threads. Each multifd channel is a thread on either "
              "side. Without this key: 1024."},
    {"file_size", MT_KEY_SIZE, AT(file_size_limit), .minimum = 1, .maximum = (int64_t)1 << 50,
     .about = "The size of a file. Without this key: as memory."},
    {.name = NULL},
};

static const struct mt_key plugin_keys[] = {
    {"enabled", MT_KEY_BOOL, PLUGIN_AT(enabled), .fallback = "true",
     .about = "Whether the plugin's tests run."},
    {"reason", MT_KEY_TEXT, PLUGIN_AT(reason), .about = "Why the plugin is disabled."},
    {"require", MT_KEY_LIST, PLUGIN_AT(require), .words = lacks,
     .about = "As require at the top, for the tests of this plugin only."},
    {"options", MT_KEY_OPTIONS, PLUGIN_AT(options),
     .about = "The values of the plugin's options. migtest plugin show lists the options."},
    {.name = NULL},
};

static const struct mt_key hosts_keys[] = {
    {"match", MT_KEY_TEXT, .presence = MT_KEY_REQUIRED,
     .about = "A glob that the host's name matches."},
    {.name = NULL},
};

const struct mt_key mt_manifest_keys[] = {
    {"version", MT_KEY_CONSTANT, .presence = MT_KEY_REQUIRED, .fallback = "1",
     .about = "The version of the manifest's format."},
    {"name", MT_KEY_TEXT, AT(name),
     .about = "The name of this configuration. Jenkins shows it in front of the plugin's name, "
              "which keeps the results of several manifests apart."},
    {"qemu", MT_KEY_MAPPING, .keys = sides_keys, .noun = "qemu",
     .about = "The QEMUs to migrate between."},
    {"machine", MT_KEY_TEXT, AT(machine), .fallback = "q35",
     .about = "The machine type. An alias means the newest version of the machine that both QEMUs "
              "know."},
    {"accel", MT_KEY_PREFERENCE, AT(accel), .words = WORDS("auto", "tcg", "kvm"),
     .fallback = "auto",
     .about = "The accelerator. auto is the fastest accelerator that works on this host. From a "
              "list, migtest takes the first accelerator that works."},
    {"cpu", MT_KEY_TEXT, AT(cpu), .fallback = "qemu64", .about = "The CPU model."},
    {"smp", MT_KEY_INT, AT(smp), .minimum = 1, .maximum = 255, .fallback = "1",
     .about = "The number of the guest's CPUs."},
    /* The guest program writes to its first 100 MiB. */
    {"ram", MT_KEY_SIZE, AT(ram), .minimum = 101 << 20, .maximum = (int64_t)1 << 40,
     .fallback = "150MiB",
     .about = "The size of the guest's RAM. Tests that have the names of upstream's tests keep "
              "upstream's size."},
    {"memory_backend", MT_KEY_TEXT, AT(memory_backend),
     .words = WORDS("anonymous", "memfd", "hugetlb", "file"), .fallback = "anonymous",
     .about = "The kind of memory that holds the guest's RAM."},
    {"firmware", MT_KEY_TEXT, AT(firmware), .words = WORDS("none", "seabios"), .fallback = "none",
     .about = "The firmware that starts the guest program."},
    {"devices", MT_KEY_TEXT, AT(devices), .words = WORDS("minimal", "machine", "rich"),
     .fallback = "minimal",
     .about = "The guest's devices: none (minimal), the machine's own devices (machine), or a "
              "dozen devices that people migrate (rich)."},
    {"args", MT_KEY_LIST, AT(args), .check = check_args_of_both,
     .about = "More command-line arguments for both QEMUs."},
    {"network", MT_KEY_TEXT, AT(network), .words = WORDS("auto", "private", "host"),
     .fallback = "auto",
     .about = "The network of a test and its QEMUs: a network of their own (private), the host's "
              "network (host), or a network of their own unless args are given or the test needs "
              "the host's network (auto)."},
    {"hold", MT_KEY_CHOICE, AT(hold), .words = WORDS("always", "never"), .fallback = "always",
     .about = "Whether a destination waits, so that migtest can compare both sides before the "
              "destination runs."},
    {"slow", MT_KEY_BOOL, AT(slow), .fallback = "false", .about = "Whether slow tests run, too."},
    {"timeout", MT_KEY_DURATION, AT(timeout_ms), .minimum = 1, .maximum = (int64_t)24 * 3600 * 1000,
     .fallback = "60s",
     .about = "How long a test may take on a reference machine, with a guest of 256MiB."},
    {"jobs", MT_KEY_INT, AT(jobs), .minimum = 1, .maximum = 1024, .words = WORDS("auto"),
     .fallback = "auto", .about = "The number of tests that run at the same time."},
    {"flaky", MT_KEY_CHOICE, AT(flaky_allowed), .words = WORDS("allow", "forbid"),
     .fallback = "allow", .about = "Whether a run may pass when a test passes only on a retry."},
    {"max_skips", MT_KEY_INT, AT(max_skips), .minimum = 0, .maximum = INT32_MAX,
     .about = "The number of skips that a run may have; with more skips the run fails. Slow tests "
              "do not count. Without this key there is no limit."},
    {"require", MT_KEY_LIST, AT(require), .words = lacks,
     .about = "Needs of tests that must be met: a test that lacks one of these fails, and is not "
              "skipped."},
    {"assume", MT_KEY_LIST, AT(assume),
     .about = "What a distribution backported to its QEMU although no probe shows it."},
    {"blind", MT_KEY_LIST, AT(blind),
     .words = WORDS("ram", "state", "second-view", "cpuid", "leftovers"),
     .about = "The oracles that may be unable to look; with other oracles, the test fails."},
    {"not_kept", MT_KEY_ENTRIES, AT(not_kept), .keys = not_kept_keys,
     .noun = "an entry of not_kept",
     .about = "Fields of the device state, and subsections that only one side has, that this QEMU "
              "does not keep over a migration."},
    {"quarantine", MT_KEY_ENTRIES, AT(quarantine), .keys = quarantine_keys,
     .noun = "an entry of quarantine",
     .about = "Tests that may fail until a date. They run, and the reports show them apart. Until "
              "that date they do not fail the run."},
    {"limits", MT_KEY_MAPPING, .keys = limits_keys, .noun = "limits",
     .about = "What a worker and its QEMUs may use."},
    {"plugin_path", MT_KEY_FOLDERS, AT(plugin_path),
     .about = "The folders in which migtest looks for plugins, relative to this file."},
    {"results", MT_KEY_TEXT, AT(results), .fallback = "migtest-results",
     .about = "The folder for the journal, the logs, and what is known of failures."},
    {"plugins", MT_KEY_PLUGINS, .keys = plugin_keys, .noun = "a plugin",
     .about = "The plugins, by name."},
    {"hosts", MT_KEY_HOSTS, .keys = hosts_keys,
     .about = "What changes on some hosts. All entries that match apply, in order."},
    {.name = NULL},
};
