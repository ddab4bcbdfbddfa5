/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations of guests of any size, for ci/bench. */
#include <migtest/migtest.h>

MT_PLUGIN(.name = "bench", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "What ci/bench measures");

static void stopped(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate(pair, MT_MIGRATION(.transport = MT_TCP));
    mt_note(pair, "total-time", "%lld", (long long)mt_migrate_value(pair, "total-time"));
}

static void channels(struct mt_pair *pair, unsigned count)
{
    mt_migrate(pair, MT_MIGRATION(.transport = MT_TCP, .live = true,
                                  .multifd = MT_MULTIFD(.channels = count)));
}

static void channels_1(void **state)
{
    channels(*state, 1);
}

static void channels_8(void **state)
{
    channels(*state, 8);
}

static void channels_64(void **state)
{
    channels(*state, 64);
}

static const struct mt_test tests[] = {
    {.name = "stopped", .run = stopped, .timeout_s = 120},
    {.name = "channels/1", .run = channels_1},
    {.name = "channels/8", .run = channels_8},
    {.name = "channels/64", .run = channels_64},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("bench", tests));
}
