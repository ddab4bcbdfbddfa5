/* SPDX-License-Identifier: Apache-2.0 */
/* Limiting how fast virtual CPUs dirty memory, during a migration and without one. */
#include "plugins/dirtylimit/dirtylimit.h"

MT_PLUGIN(.name = "dirtylimit", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Dirty page rate limits of virtual CPUs, with KVM's dirty ring");

enum {
    LIMIT_MB = 50,
    PERIOD_MS = 1000,
    THROTTLE_TIMEOUT_MS = 60000,
    /* A pass of 99 MiB takes 1.2 s: QEMU looks at the dirty rate once a second and a pass. */
    BANDWIDTH = 80 * 1000 * 1000,
    SWITCHOVER_BANDWIDTH = 400 * 1000 * 1000,
    SWITCHOVER_DOWNTIME_MS = 250,
};

static const char throttle_time[] = "dirty-limit-throttle-time-per-round";

static void start_limited(struct mt_pair *pair)
{
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true,
                                        .bandwidth = BANDWIDTH));
    mt_migrate_wait_value(pair, throttle_time, 1, THROTTLE_TIMEOUT_MS);
}

/* An empty list means that no limit is in service. */
static int64_t limits_in_service(struct mt_pair *pair)
{
    return mt_reply_count(mt_qmp(mt_source(pair), "query-vcpu-dirty-limit", NULL), "");
}

static void dirty_limit(void **state)
{
    struct mt_pair *pair = *state;
    /* Below bandwidth x downtime, and 1 % for what is measured while it changes. */
    const int64_t remaining_limit =
        (int64_t)SWITCHOVER_BANDWIDTH * SWITCHOVER_DOWNTIME_MS / 1000 * 101 / 100;

    mt_set_source_capability(pair, "dirty-limit", true);
    mt_set_parameter(mt_source(pair), "x-vcpu-dirty-limit-period", PERIOD_MS);
    mt_set_parameter(mt_source(pair), "vcpu-dirty-limit", LIMIT_MB);

    start_limited(pair);
    mt_migrate_cancel(pair);
    mt_wait_exit(mt_destination(pair), 1);
    assert_int_equal(limits_in_service(pair), 0);

    mt_new_destination(pair);
    start_limited(pair);
    struct mt_reply *limits = mt_qmp(mt_source(pair), "query-vcpu-dirty-limit", NULL);
    assert_int_equal(mt_reply_int(limits, "0.limit-rate"), LIMIT_MB);

    mt_migrate_converge(pair, SWITCHOVER_BANDWIDTH, SWITCHOVER_DOWNTIME_MS);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    int64_t remaining = mt_migrate_value(pair, "ram.remaining");
    mt_note(pair, "remaining at switchover", "%lld bytes", (long long)remaining);
    assert_true(remaining < remaining_limit);
    mt_migrate_continue(pair);
    mt_migrate_finish(pair);
}

static const struct mt_test tests[] = {
    {
        .name = "dirty_limit",
        .summary = "A migration that limits the dirty rate is cancelled, then completes",
        .run = dirty_limit,
        .slow = true,
        .timeout_s = 180,
        .needs = MT_NEEDS(.accel = "kvm", .dirty_ring = true,
                          .capabilities = MT_LIST("dirty-limit", "pause-before-switchover"),
                          .parameters = MT_LIST("vcpu-dirty-limit", "x-vcpu-dirty-limit-period"),
                          .commands = MT_LIST("query-vcpu-dirty-limit")),
        .machine = MT_MACHINE(.dirty_ring = 4096),
    },
    {
        .name = "vcpu_dirty_limit",
        .summary = "A limit on one VM's dirty rate holds, and is gone when cancelled",
        .run = vcpu_dirty_limit,
        .slow = true,
        .timeout_s = 180,
        .needs = MT_NEEDS(.accel = "kvm", .dirty_ring = true,
                          .commands = MT_LIST("set-vcpu-dirty-limit", "cancel-vcpu-dirty-limit",
                                              "query-vcpu-dirty-limit", "calc-dirty-rate.mode")),
        .machine = MT_MACHINE(.dirty_ring = 4096, .source_only = true),
    },
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("dirtylimit", tests));
}
