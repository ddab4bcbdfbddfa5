/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that reaches for what is migtest's own. */
#include <migtest/migtest.h>

void mt_pair_destroy(struct mt_pair *pair);

MT_PLUGIN(.name = NAME, .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0");

static void destroy(void **state)
{
    mt_pair_destroy(*state);
}

static const struct mt_test tests[] = {
    {.name = "destroy", .run = destroy},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP(NAME, tests));
}
