/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin inside this process: loaded, checked, registered. */
#ifndef MT_WORKER_PLUGIN_H
#define MT_WORKER_PLUGIN_H

#include "base/error.h"
#include "lib/api/registry.h"

struct mt_loaded_plugin {
    struct mt_plugin descriptor;
    struct mt_registry registry;
};

/* Fails when it is not that file any more (see mt_file_identity). It is never unloaded: its tests
 * and strings live as long as the process. */
int mt_plugin_load(const char *file, const char *identity, struct mt_loaded_plugin *ret_plugin,
                   struct mt_error *error);

#endif
