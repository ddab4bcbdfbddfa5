/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/manifest.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "runner/manifest_keys.h"

/* config/default.yaml, put into the program by the build. */
extern const char mt_default_manifest[];
extern const char mt_default_manifest_end[];

static struct mt_manifest *new_manifest(void)
{
    struct mt_manifest *manifest = mt_alloc(1, sizeof(*manifest));

    *manifest = (struct mt_manifest){
        .name = "",
        .source = {.binary = "qemu-system-x86_64"},
        .destination = {.binary = "qemu-system-x86_64"},
        .machine = "q35",
        .cpu = "qemu64",
        .smp = 1,
        .ram = 150 << 20,
        .memory_backend = "anonymous",
        .firmware = "none",
        .devices = "minimal",
        .hold = true,
        .timeout_ms = 60000,
        .max_skips = -1,
        .results = "migtest-results",
    };
    mt_strings_add(&manifest->accel, "auto");
    return manifest;
}

static void clear_qemu(struct mt_manifest_qemu *qemu)
{
    mt_strings_clear(&qemu->args);
    mt_strings_clear(&qemu->env);
}

void mt_manifest_destroy(struct mt_manifest *manifest)
{
    if (manifest == NULL) {
        return;
    }
    clear_qemu(&manifest->source);
    clear_qemu(&manifest->destination);
    mt_strings_clear(&manifest->accel);
    mt_strings_clear(&manifest->args);
    mt_strings_clear(&manifest->require);
    mt_strings_clear(&manifest->assume);
    mt_strings_clear(&manifest->blind);
    mt_strings_clear(&manifest->plugin_path);
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        mt_strings_clear(&manifest->plugins[i].require);
    }
    free(manifest->plugins);
    mt_yaml_clear(&manifest->file);
    free(manifest);
}

static int check_top(const struct mt_yaml_file *file, struct mt_error *error)
{
    const struct mt_yaml *root = file->root;

    if (root->kind != MT_YAML_MAPPING) {
        return mt_yaml_fail(file, root, error,
                            "a %s; expected a mapping that begins with \"version: 1\"",
                            mt_yaml_kind_name(root));
    }
    if (mt_yaml_get(root, "version") == NULL) {
        return mt_yaml_fail(file, root, error, "no version; expected \"version: 1\"");
    }
    return 0;
}

/* The entry without its glob: what is left is laid over the manifest. */
static struct mt_yaml *without_match(const struct mt_yaml *entry, const struct mt_yaml **ret_match)
{
    struct mt_yaml *rest = mt_alloc(1, sizeof(*rest));

    *rest = *entry;
    rest->keys = mt_alloc(entry->count, sizeof(*rest->keys));
    rest->items = mt_alloc(entry->count, sizeof(*rest->items));
    rest->count = 0;
    *ret_match = NULL;
    for (size_t i = 0; i < entry->count; i++) {
        if (strcmp(entry->keys[i]->text, "match") == 0) {
            *ret_match = entry->items[i];
            continue;
        }
        rest->keys[rest->count] = entry->keys[i];
        rest->items[rest->count++] = entry->items[i];
    }
    return rest;
}

static void free_rest(struct mt_yaml *rest)
{
    free(rest->keys);
    free(rest->items);
    free(rest);
}

/* An entry for another host may be wrong as well, and is better found here than there. */
static int check_entry(const struct mt_yaml_file *file, const struct mt_yaml *rest,
                       struct mt_error *error)
{
    static const char *const not_per_host[] = {"version", "hosts"};
    struct mt_manifest *scratch = new_manifest();
    struct mt_value_reader reader = {.file = file, .error = error};
    int result = mt_manifest_read_keys(&reader, rest, scratch);

    for (size_t i = 0; result == 0 && i < 2; i++) {
        const struct mt_yaml *wrong = mt_yaml_get(rest, not_per_host[i]);
        if (wrong != NULL) {
            result = mt_yaml_fail(file, wrong, error,
                                  "%s inside an entry of hosts; expected it "
                                  "at the top only",
                                  not_per_host[i]);
        }
    }
    mt_manifest_destroy(scratch);
    return result;
}

static int apply_entry(struct mt_yaml_file *file, const struct mt_yaml *entry, const char *host,
                       struct mt_yaml **tree, struct mt_error *error)
{
    const struct mt_yaml *match;

    if (entry->kind != MT_YAML_MAPPING) {
        return mt_yaml_fail(file, entry, error,
                            "an entry of hosts is a %s; expected a mapping with "
                            "match",
                            mt_yaml_kind_name(entry));
    }
    struct mt_yaml *rest = without_match(entry, &match);
    int result;
    if (match == NULL || match->kind != MT_YAML_SCALAR || match->text[0] == '\0') {
        result =
            mt_yaml_fail(file, entry, error,
                         "an entry of hosts without match; expected a glob on the host's name");
    } else {
        result = check_entry(file, rest, error);
    }
    if (result == 0 && match != NULL && fnmatch(match->text, host, 0) == 0) {
        *tree = mt_yaml_merge(file, *tree, rest);
    }
    free_rest(rest);
    return result;
}

static int apply_hosts(struct mt_yaml_file *file, const char *host, struct mt_yaml **ret_tree,
                       struct mt_error *error)
{
    const struct mt_yaml *hosts = mt_yaml_get(file->root, "hosts");
    struct mt_yaml *tree = file->root;

    if (hosts != NULL && hosts->kind != MT_YAML_SEQUENCE) {
        return mt_yaml_fail(file, hosts, error,
                            "hosts is a %s; expected a list of entries with match",
                            mt_yaml_kind_name(hosts));
    }
    for (size_t i = 0; hosts != NULL && i < hosts->count; i++) {
        if (apply_entry(file, hosts->items[i], host, &tree, error) < 0) {
            return -1;
        }
    }
    *ret_tree = tree;
    return 0;
}

/* Relative to the manifest's own folder, wherever migtest was started. */
static void place_plugin_path(struct mt_manifest *manifest)
{
    const char *slash = strrchr(manifest->file.name, '/');
    struct mt_strings placed = {0};

    for (size_t i = 0; i < manifest->plugin_path.count; i++) {
        const char *folder = manifest->plugin_path.items[i];
        if (folder[0] == '/' || slash == NULL) {
            mt_strings_add(&placed, "%s%s", folder[0] == '/' ? "" : "./", folder);
        } else {
            mt_strings_add(&placed, "%.*s/%s", (int)(slash - manifest->file.name),
                           manifest->file.name, folder);
        }
    }
    mt_strings_clear(&manifest->plugin_path);
    manifest->plugin_path = placed;
}

static int parse(const char *path, struct mt_yaml_file *ret_file, struct mt_error *error)
{
    if (path != NULL) {
        return mt_yaml_read(path, ret_file, error);
    }
    return mt_yaml_parse("<default>", mt_default_manifest,
                         (size_t)(mt_default_manifest_end - mt_default_manifest), ret_file, error);
}

static int read_manifest(struct mt_manifest *manifest, const char *host, struct mt_error *error)
{
    struct mt_value_reader reader = {.file = &manifest->file, .error = error};
    struct mt_yaml *tree = NULL;

    if (check_top(&manifest->file, error) < 0 ||
        apply_hosts(&manifest->file, host, &tree, error) < 0) {
        return -1;
    }
    return mt_manifest_read_keys(&reader, tree, manifest);
}

int mt_manifest_load(const char *path, const char *host, struct mt_manifest **ret_manifest,
                     struct mt_error *error)
{
    struct mt_manifest *manifest = new_manifest();

    if (parse(path, &manifest->file, error) < 0 || read_manifest(manifest, host, error) < 0) {
        mt_manifest_destroy(manifest);
        return -1;
    }
    place_plugin_path(manifest);
    *ret_manifest = manifest;
    return 0;
}
