/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Built with the first headers that there were, kept beside this file: structs are shorter there,
 * and what is missing must read as zero, whatever lies behind them in memory.
 */
#include <string.h>

#include <migtest/migtest.h>

static const struct mt_option options[] = {
    {.name = "count", .type = MT_OPTION_INT, .minimum = 1, .maximum = 9, .default_int = 4},
};

MT_PLUGIN(.name = NAME, .version = "0.9", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Of old", MT_OPTIONS(options));

/* A struct of old with something behind it that a reader of today must not take for a member. */
struct with_rubbish {
    struct mt_migration migration;
    unsigned char rubbish[64];
};

static void migrates(void **state)
{
    struct with_rubbish old = {
        .migration = {.size = sizeof(struct mt_migration), .transport = MT_UNIX, .live = true},
    };

    memset(old.rubbish, 0xff, sizeof(old.rubbish));
    assert_int_equal(mt_option_int(*state, "count"), 4);
    mt_migrate(*state, &old.migration);
}

static const struct mt_test tests[] = {
    {.name = "migrates",
     .run = migrates,
     .needs = MT_NEEDS(.capabilities = MT_LIST("events")),
     .machine = MT_MACHINE(.args = MT_LIST("-name", "old"))},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP(NAME, tests));
}
