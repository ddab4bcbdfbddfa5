/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that is loaded into this process, checked, and has registered its tests. */
#ifndef MT_WORKER_PLUGIN_H
#define MT_WORKER_PLUGIN_H

#include "base/error.h"
#include "lib/api/registry.h"
#include "protocol/job.h"

struct mt_loaded_plugin {
    struct mt_plugin descriptor;
    struct mt_registry registry;
};

/* Fails when the file is not the one any more that the host has looked at. The plugin is never
 * unloaded: its tests and strings live as long as the process. */
int mt_plugin_load(const struct mt_plugin_config *config, struct mt_loaded_plugin *ret_plugin,
                   struct mt_error *error);

#endif
