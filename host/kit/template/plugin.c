/* SPDX-License-Identifier: Apache-2.0 */
/* What @NAME@ tests. */
#include <migtest/migtest.h>

MT_PLUGIN(.name = "@NAME@", .version = "0.1", .vendor = "me", .licence = "Apache-2.0",
          .summary = "What @NAME@ tests");

static void plain(void **state)
{
    mt_migrate(*state, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static const struct mt_test tests[] = {
    {.name = "plain", .summary = "A guest moves over a UNIX socket", .run = plain},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("@NAME@", tests));
}
