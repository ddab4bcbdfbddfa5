/* SPDX-License-Identifier: Apache-2.0 */
/* Precopy migration over sockets, of a running and of a suspended guest. */
#include "plugins/precopy/precopy.h"
#include "plugins/upstream.h"

MT_PLUGIN(.name = "precopy", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Precopy migration over UNIX and TCP sockets");

static void unix_plain(void **state)
{
    mt_migrate(*state, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

/* After a failed migration the guest runs on, and migrates to another destination. */
static void unix_lost_destination(void **state)
{
    mt_migrate_start(*state, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_migrate_wait_pass(*state, 1);
    mt_migrate_lose_destination(*state);
    mt_new_destination(*state);
    mt_migrate(*state, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static void tcp_plain(void **state)
{
    mt_migrate(*state, MT_MIGRATION(.transport = MT_TCP));
}

static const struct mt_since suspend_kept = {
    .size = sizeof(struct mt_since),
    .word = "suspend-kept",
    .source = "9.0",
    .destination = "9.0",
    .lack = "does not keep a suspended guest suspended over a migration (9.0 does)",
};

#define KEEPS_SUSPEND MT_NEEDS(.commands = MT_LIST("system_wakeup"), .since = &suspend_kept)

#define THROTTLES                                                                                  \
    MT_NEEDS(.capabilities = MT_LIST("auto-converge", "pause-before-switchover"),                  \
             .parameters =                                                                         \
                 MT_LIST("cpu-throttle-initial", "cpu-throttle-increment", "max-cpu-throttle"))

static const struct mt_test tests[] = {
    {
        .name = "precopy/unix/plain",
        .summary = "A running guest moves over a UNIX socket",
        .run = unix_plain,
        .machine = UPSTREAM_GUEST,
    },
    {
        .name = "precopy/unix/self-start",
        .summary = "The same, with a destination that starts by itself",
        .run = self_start,
    },
    {
        .name = "precopy/unix/suspend/live",
        .summary = "A suspended guest arrives suspended, and wakes",
        .run = suspend_live,
        .machine = UPSTREAM_GUEST,
        .needs = KEEPS_SUSPEND,
    },
    {
        .name = "precopy/unix/suspend/notlive",
        .summary = "A suspended guest that is stopped as well arrives suspended, and wakes",
        .run = suspend_notlive,
        .machine = UPSTREAM_GUEST,
        .needs = KEEPS_SUSPEND,
    },
    {
        .name = "precopy/tcp/plain",
        .summary = "A stopped guest moves over TCP",
        .run = tcp_plain,
        .machine = UPSTREAM_GUEST,
    },
    {
        .name = "precopy/tcp/plain/switchover-ack",
        .summary = "The source switches over when the destination has agreed",
        .run = switchover_ack,
        .machine = UPSTREAM_GUEST,
        .needs = MT_NEEDS(.capabilities = MT_LIST("return-path", "switchover-ack")),
    },
    {
        .name = "precopy/tcp/switchover-ack/held",
        .summary = "The source runs on as long as the destination has not agreed",
        .run = switchover_ack_held,
        .needs = MT_NEEDS(.capabilities = MT_LIST("return-path", "switchover-ack")),
    },
    {
        .name = "precopy/tcp/return-path/held",
        .summary = "Without switchover-ack the source does not wait for an answer",
        .run = return_path_held,
        .needs = MT_NEEDS(.capabilities = MT_LIST("return-path", "pause-before-switchover")),
    },
    {
        .name = "precopy/unix/bandwidth",
        .summary = "A migration stays below its bandwidth",
        .run = bandwidth,
        .needs = MT_NEEDS(.capabilities = MT_LIST("pause-before-switchover")),
    },
    {
        .name = "precopy/unix/lost-destination",
        .summary = "After a failed migration the source goes on, and migrates to another",
        .run = unix_lost_destination,
    },
    {
        .name = "precopy/unix/leaks",
        .summary = "A source whose migrations are cancelled many times does not grow",
        .run = leaks,
    },
    {
        .name = "precopy/unix/switchover",
        .summary =
            "The switchover comes when what remains fits into the downtime limit, not before",
        .run = switchover,
        .needs = MT_NEEDS(.capabilities = MT_LIST("pause-before-switchover")),
    },
    {
        .name = "precopy/unix/working-set",
        .summary = "What is sent again is what the guest dirties, and it converges when that fits",
        .run = working_set,
        .needs = MT_NEEDS(.capabilities = MT_LIST("pause-before-switchover")),
    },
    {
        .name = "precopy/unix/dirty-rate",
        .summary = "QEMU says how fast the guest dirties memory",
        .run = dirty_rate,
    },
    {
        .name = "precopy/unix/announce",
        .summary = "The destination tells the network where the guest's card is now",
        .run = announce,
        .needs =
            MT_NEEDS(.devices = MT_LIST("virtio-net-pci"), .commands = MT_LIST("netdev_add.dgram")),
        .machine = &announce_machine,
    },
    {
        .name = "precopy/unix/shared-disk",
        .summary = "The locks of a disk's image go to the side that owns the guest",
        .run = shared_disk,
        .needs = MT_NEEDS(.capabilities = MT_LIST("pause-before-switchover"),
                          .devices = MT_LIST("pvscsi", "scsi-hd")),
        .machine = &shared_disk_machine,
    },
    {
        .name = "auto_converge",
        .summary = "A guest that dirties too fast is throttled until it converges",
        .run = auto_converge,
        .machine = UPSTREAM_GUEST,
        .slow = true,
        .needs = THROTTLES,
    },
    {
        .name = "auto_converge/throttled",
        .summary = "Throttling slows the guest by about what QEMU reports",
        .run = throttled_guest,
        .slow = true,
        .alone = true,
        .needs = THROTTLES,
    },
    {
        .name = "auto_converge/maximum",
        .summary = "Throttling climbs by its increment to the maximum, and no further",
        .run = auto_converge_maximum,
        .slow = true,
        .needs = THROTTLES,
    },
    {
        .name = "dirty_ring",
        .summary = "A running guest moves while KVM's dirty ring reports its dirty pages",
        .run = unix_plain,
        .needs = MT_NEEDS(.accel = "kvm", .dirty_ring = true),
        .machine = MT_MACHINE(.dirty_ring = 4096, .ram_mib = UPSTREAM_RAM_MIB),
    },
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("precopy", tests));
}
