/* SPDX-License-Identifier: Apache-2.0 */
/* Limiting how fast virtual CPUs dirty memory, during a migration and without one. */
#include "plugins/dirtylimit/dirtylimit.h"
#include "plugins/upstream.h"

static const struct mt_option options[] = {
    {
        .name = "cancel-ends-limit",
        .type = MT_OPTION_BOOL,
        .help = "fail where migrate_cancel leaves the limit in service, as QEMU up to 10.0 does",
    },
};

MT_PLUGIN(.name = "dirtylimit", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Dirty page rate limits of virtual CPUs, with KVM's dirty ring",
          MT_OPTIONS(options));

static const struct mt_test tests[] = {
    {
        .name = "dirty_limit",
        .summary = "A migration that limits the dirty rate is cancelled, then completes",
        .run = dirty_limit,
        .slow = true,
        .timeout_s = 180,
        .alone = true,
        .needs = MT_NEEDS(.accel = "kvm", .dirty_ring = true,
                          .capabilities = MT_LIST("dirty-limit", "pause-before-switchover"),
                          .parameters = MT_LIST("vcpu-dirty-limit", "x-vcpu-dirty-limit-period"),
                          .commands = MT_LIST("query-vcpu-dirty-limit", "cancel-vcpu-dirty-limit",
                                              "calc-dirty-rate.mode")),
        .machine = MT_MACHINE(.dirty_ring = DIRTY_RING, .ram_mib = UPSTREAM_RAM_MIB),
    },
    {
        .name = "vcpu_dirty_limit",
        .summary =
            "A limit on one VM's dirty rate holds, slows the guest, and is gone when cancelled",
        .run = vcpu_dirty_limit,
        .slow = true,
        .timeout_s = 180,
        .alone = true,
        .needs = MT_NEEDS(.accel = "kvm", .dirty_ring = true,
                          .commands = MT_LIST("set-vcpu-dirty-limit", "cancel-vcpu-dirty-limit",
                                              "query-vcpu-dirty-limit", "calc-dirty-rate.mode")),
        .machine =
            MT_MACHINE(.dirty_ring = DIRTY_RING, .source_only = true, .ram_mib = UPSTREAM_RAM_MIB),
    },
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("dirtylimit", tests));
}
