/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/plugin.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "lib/api/known.h"

static void *find_symbol(void *library, const char *file, const char *name, struct mt_error *error)
{
    void *symbol = dlsym(library, name);

    if (symbol == NULL) {
        mt_fail(error, "%s has no symbol %s, expected the one that %s", file, name,
                strcmp(name, "mt_plugin") == 0 ? "MT_PLUGIN defines" : "registers its groups");
    }
    return symbol;
}

static int check_plugin_name(const char *file, const char *name, struct mt_error *error)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash != NULL ? slash + 1 : file;
    const char *dot = strrchr(base, '.');
    size_t size = dot != NULL ? (size_t)(dot - base) : strlen(base);

    if (name == NULL || strlen(name) != size || strncmp(name, base, size) != 0) {
        return mt_fail(error, "%s calls itself %s, expected the name of its file, %.*s", file,
                       name != NULL ? name : "nothing", (int)size, base);
    }
    return 0;
}

static bool options_use_unknown(const struct mt_plugin *plugin)
{
    for (size_t i = 0; i < plugin->option_count; i++) {
        const char *row = (const char *)plugin->options + i * plugin->option_stride;
        if (mt_uses_unknown(row, plugin->option_stride, MT_LAYOUT(struct mt_option))) {
            return true;
        }
    }
    return false;
}

static int copy_descriptor(const char *file, const void *symbol, struct mt_plugin *ret_descriptor,
                           struct mt_error *error)
{
    MT_AUTO_FREE struct mt_plugin *known = mt_known_part(symbol, sizeof(*known));

    *ret_descriptor = *known;
    if (mt_struct_uses_unknown(symbol, MT_LAYOUT(struct mt_plugin)) || options_use_unknown(known)) {
        return mt_fail(error,
                       "%s says of itself what this migtest (ABI %d.%d) does not know; it needs a "
                       "newer one",
                       file, MT_ABI_MAJOR, MT_ABI_MINOR);
    }
    return check_plugin_name(file, known->name, error);
}

static int register_groups(void *symbol, const char *file, struct mt_registry *registry,
                           struct mt_error *error)
{
    int (*register_plugin)(struct mt_registry * registry);

    memcpy(&register_plugin, &symbol, sizeof(register_plugin));
    int result = register_plugin(registry);
    if (registry->error.text != NULL) {
        return mt_fail(error, "%s was refused: %s", file, mt_error_text(&registry->error));
    }
    if (result != 0) {
        return mt_fail(error, "mt_plugin_register of %s returned %d, expected 0", file, result);
    }
    if (registry->group_count == 0) {
        return mt_fail(error, "%s registered no group", file);
    }
    return 0;
}

static int check_identity(const char *file, const char *identity, struct mt_error *error)
{
    MT_AUTO_FREE char *present = mt_file_identity(file);

    if (present == NULL || strcmp(present, identity) != 0) {
        return mt_fail(error, "%s is not the file any more that was looked at when the run began",
                       file);
    }
    return 0;
}

int mt_plugin_load(const struct mt_plugin_config *config, struct mt_loaded_plugin *ret_plugin,
                   struct mt_error *error)
{
    const char *file = config->file;

    if (check_identity(file, config->identity, error) < 0) {
        return -1;
    }
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);

    if (library == NULL) {
        return mt_fail(error, "cannot load the plugin: %s", dlerror());
    }
    void *descriptor = find_symbol(library, file, "mt_plugin", error);
    void *registration = find_symbol(library, file, "mt_plugin_register", error);
    if (descriptor == NULL || registration == NULL) {
        return -1;
    }
    memset(ret_plugin, 0, sizeof(*ret_plugin));
    if (copy_descriptor(file, descriptor, &ret_plugin->descriptor, error) < 0) {
        return -1;
    }
    return register_groups(registration, file, &ret_plugin->registry, error);
}
