/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "manifest/hosts.h"
#include "manifest/read.h"

/* The build puts config/default.yaml into the program. */
extern const char mt_default_manifest[];
extern const char mt_default_manifest_end[];

static struct mt_manifest *manifest_new(void)
{
    struct mt_manifest *manifest = mt_alloc(1, sizeof(*manifest));

    manifest->max_skips = -1;
    mt_keys_set_defaults(mt_manifest_keys, manifest);
    return manifest;
}

static void manifest_clear_qemu(struct mt_manifest_qemu *qemu)
{
    mt_strings_clear(&qemu->args);
    mt_strings_clear(&qemu->env);
}

void mt_manifest_destroy(struct mt_manifest *manifest)
{
    if (manifest == NULL) {
        return;
    }
    manifest_clear_qemu(&manifest->source);
    manifest_clear_qemu(&manifest->destination);
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

static int manifest_check_top(const struct mt_yaml_file *file, struct mt_error *error)
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

/*
 * Checks the manifest, or an entry of hosts, alone. On this host another entry may replace a wrong
 * value that another host uses.
 */
static int manifest_check_part(const struct mt_yaml_file *file, const struct mt_yaml *part,
                               struct mt_error *error)
{
    struct mt_manifest *scratch = manifest_new();
    const struct mt_key_reader reader = {.file = file, .error = error};
    int result = mt_keys_read(&reader, part, "a manifest", mt_manifest_keys, scratch);

    mt_manifest_destroy(scratch);
    return result;
}

/* Makes folders relative to the manifest's own folder, not to the folder where migtest starts. */
static void manifest_place_plugin_path(struct mt_manifest *manifest)
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

static int manifest_parse(const char *path, struct mt_yaml_file *ret_file, struct mt_error *error)
{
    if (path != NULL) {
        return mt_yaml_read(path, ret_file, error);
    }
    return mt_yaml_parse("<default>", mt_default_manifest,
                         (size_t)(mt_default_manifest_end - mt_default_manifest), ret_file, error);
}

static int manifest_read(struct mt_manifest *manifest, const char *host, struct mt_error *error)
{
    const struct mt_key_reader reader = {.file = &manifest->file, .error = error};
    struct mt_yaml *tree = NULL;

    if (manifest_check_top(&manifest->file, error) < 0 ||
        manifest_check_part(&manifest->file, manifest->file.root, error) < 0 ||
        mt_manifest_apply_hosts(&manifest->file, host, manifest_check_part, &tree, error) < 0) {
        return -1;
    }
    return mt_keys_read(&reader, tree, "a manifest", mt_manifest_keys, manifest);
}

int mt_manifest_load(const char *path, const char *host, struct mt_manifest **ret_manifest,
                     struct mt_error *error)
{
    struct mt_manifest *manifest = manifest_new();

    if (manifest_parse(path, &manifest->file, error) < 0 ||
        manifest_read(manifest, host, error) < 0) {
        mt_manifest_destroy(manifest);
        return -1;
    }
    manifest_place_plugin_path(manifest);
    *ret_manifest = manifest;
    return 0;
}

/*
 * A test has two QEMUs and sometimes a third one. 2 GiB are far more than QEMUs take beside the
 * guest's RAM. Threads count as processes: two sides with 255 multifd channels each are allowed.
 */
struct mt_allowance mt_manifest_limits(const struct mt_manifest *manifest, int64_t guest_ram)
{
    const int64_t qemus = 3;
    const int64_t extra = (int64_t)2 << 30;
    const int64_t usual_ram = 150 << 20;
    int64_t ram = manifest != NULL ? manifest->ram : usual_ram;
    int64_t enough = qemus * (guest_ram > ram ? guest_ram : ram) + extra;
    struct mt_allowance allowance = {.memory = enough, .processes = 1024, .file_size = enough};

    if (manifest != NULL && manifest->memory_limit > 0) {
        allowance.memory = allowance.file_size = manifest->memory_limit;
    }
    if (manifest != NULL && manifest->process_limit > 0) {
        allowance.processes = manifest->process_limit;
    }
    if (manifest != NULL && manifest->file_size_limit > 0) {
        allowance.file_size = manifest->file_size_limit;
    }
    return allowance;
}
