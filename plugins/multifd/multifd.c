/* SPDX-License-Identifier: Apache-2.0 */
/* Precopy migration over several TCP channels at once. */
#include "plugins/multifd/multifd.h"
#include "plugins/upstream.h"

#include "plugins/multifd/lull.h"

/* The default is upstream's number of channels. */
static const struct mt_option options[] = {
    {
        .name = "channels",
        .type = MT_OPTION_INT,
        .minimum = 1,
        .maximum = 255,
        .default_int = 16,
        .help = "multifd channels of each migration",
    },
};

MT_PLUGIN(.name = "multifd", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Migration over several channels at once", MT_OPTIONS(options));

/* This is QEMU's default. Both sides must have the same. */
static void leave_uncompressed(struct mt_pair *pair)
{
    mt_set_parameter_string(mt_source(pair), "multifd-compression", "none");
    mt_set_parameter_string(mt_destination(pair), "multifd-compression", "none");
}

static void uri_plain(void **state)
{
    leave_uncompressed(*state);
    mt_migrate(*state, MT_MIGRATION(.transport = MT_TCP, .live = true,
                                    .multifd = MT_MULTIFD(.channels = wanted_channels(*state))));
}

static void channels_plain(void **state)
{
    leave_uncompressed(*state);
    mt_migrate(*state, MT_MIGRATION(.transport = MT_TCP, .live = true,
                                    .multifd = MT_MULTIFD(.channels = wanted_channels(*state)),
                                    .as_channels = true));
}

static void self_start(void **state)
{
    mt_beat_guest(mt_source(*state));
    mt_migrate(*state, MT_MIGRATION(.transport = MT_TCP, .live = true,
                                    .multifd = MT_MULTIFD(.channels = wanted_channels(*state)),
                                    .self_start = true));
    mt_migrate_judge_downtime(*state);
}

/* A cancelled migration ends its destination. The source goes on, and migrates to another one. */
static void cancel(void **state)
{
    struct mt_pair *pair = *state;
    const struct mt_migration *migration =
        MT_MIGRATION(.transport = MT_TCP, .live = true,
                     .multifd = MT_MULTIFD(.channels = wanted_channels(pair)));

    mt_migrate_start(pair, migration);
    mt_migrate_wait_pass(pair, 1);
    multifd_wait_for_lull(pair);
    mt_migrate_cancel(pair);
    mt_wait_exit(mt_destination(pair), 1);
    mt_new_destination(pair);
    mt_migrate(pair, migration);
}

static const struct mt_test tests[] = {
    {
        .name = "multifd/tcp/uri/plain/none",
        .summary = "A running guest moves over 16 channels",
        .run = uri_plain,
        .machine = UPSTREAM_GUEST,
        .needs = MT_NEEDS(.capabilities = MT_LIST("multifd")),
    },
    {
        .name = "multifd/tcp/channels/plain/none",
        .summary = "The same, with the address given as a list of channels",
        .run = channels_plain,
        .machine = UPSTREAM_GUEST,
        .needs =
            MT_NEEDS(.capabilities = MT_LIST("multifd"), .commands = MT_LIST("migrate.channels")),
    },
    {
        .name = "multifd/tcp/self-start",
        .summary = "The same, with a destination that starts by itself",
        .run = self_start,
        .needs = MT_NEEDS(.capabilities = MT_LIST("multifd")),
    },
    {
        .name = "multifd/tcp/plain/zero-page/legacy",
        .summary = "Zero pages are found by the migration thread",
        .run = zero_page_legacy,
        .machine = UPSTREAM_GUEST,
        .needs = MT_NEEDS(.capabilities = MT_LIST("multifd"),
                          .parameters = MT_LIST("zero-page-detection")),
    },
    {
        .name = "multifd/tcp/plain/zero-page/multifd",
        .summary = "Zero pages are found by the channels",
        .run = zero_page_multifd,
        .needs = MT_NEEDS(.capabilities = MT_LIST("multifd"),
                          .parameters = MT_LIST("zero-page-detection")),
    },
    {
        .name = "multifd/tcp/plain/zero-page/none",
        .summary = "QEMU does not look for zero pages",
        .run = zero_page_none,
        .machine = UPSTREAM_GUEST,
        .needs = MT_NEEDS(.capabilities = MT_LIST("multifd"),
                          .parameters = MT_LIST("zero-page-detection")),
    },
    {
        .name = "multifd/tcp/channels",
        .summary = "All channels that were asked for connect and carry pages",
        .run = channels_carry,
        .machine = UPSTREAM_GUEST,
        .needs = MT_NEEDS(.capabilities = MT_LIST("multifd", "pause-before-switchover")),
    },
    {
        .name = "multifd/tcp/plain/cancel",
        .summary = "After a cancelled migration the source goes on, and migrates to another",
        .run = cancel,
        .machine = UPSTREAM_GUEST,
        .needs = MT_NEEDS(.capabilities = MT_LIST("multifd")),
    },
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("multifd", tests));
}
