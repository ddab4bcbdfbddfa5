/* SPDX-License-Identifier: Apache-2.0 */
/* Guests that are reset, or given a device, around a migration: neither is a fault of it. */
#include <migtest/migtest.h>

MT_PLUGIN(.name = "resets", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "A guest that begins again, and one that gets a device");

enum {
    EVENT_MS = 10000,
    SLOW_BANDWIDTH = 20 * 1000 * 1000, /* a pass over all of the guest's memory takes seconds */
};

static void reset(struct mt_vm *vm)
{
    mt_qmp(vm, "system_reset", NULL);
    mt_wait_event(vm, "RESET", EVENT_MS);
}

static void reset_before(void **state)
{
    struct mt_pair *pair = *state;

    reset(mt_source(pair));
    mt_check_guest(mt_source(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_check_guest(mt_destination(pair));
}

/* Nobody waits until the guest is up again. */
static void reset_at_once(void **state)
{
    struct mt_pair *pair = *state;

    mt_qmp(mt_source(pair), "system_reset", NULL);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_check_guest(mt_destination(pair));
}

static void reset_during(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true,
                                        .limits = MT_LIMITS(.bandwidth = SLOW_BANDWIDTH)));
    reset(mt_source(pair));
    mt_check_guest(mt_source(pair));
    mt_migrate_finish(pair);
    mt_check_guest(mt_destination(pair));
}

/* The switchover comes while the guest begins again, or soon after. */
static void reset_at_the_end(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_migrate_wait_pass(pair, 1);
    reset(mt_source(pair));
    mt_migrate_converge(pair, 0, 0);
    mt_migrate_finish(pair);
    mt_check_guest(mt_destination(pair));
}

static void reset_after(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_qmp(mt_destination(pair), "system_reset", NULL);
    mt_check_guest(mt_destination(pair));
    mt_wait_event(mt_destination(pair), "RESET", EVENT_MS);
    mt_check_guest(mt_destination(pair));
}

/* The guest has gone, and with it what is to be compared. */
static void reset_of_the_source_after(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_migrate_wait_pass(pair, 1);
    mt_migrate_converge(pair, 0, 0);
    mt_migrate_wait_status(pair, MT_STATUS_COMPLETED);
    reset(mt_source(pair));
    mt_migrate_finish(pair);
}

/* What it was told is forgotten, and what it is told next holds. */
static void reset_of_a_busy_guest(void **state)
{
    struct mt_pair *pair = *state;
    struct mt_vm *source = mt_source(pair);

    mt_beat_guest(source);
    mt_set_dirtying(source, MT_DIRTYING(.pages_per_second = 5000, .working_set = 5000));
    reset(source);
    mt_check_guest(source);
    mt_set_dirtying(source, MT_DIRTYING(.working_set = 5000));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_check_guest(mt_destination(pair));
}

/* QEMU then waits for `cont`, and the guest goes on as at a wake, which is a kind of reset, too. */
static void reset_in_a_suspend(void **state)
{
    struct mt_pair *pair = *state;

    mt_suspend_guest(mt_source(pair));
    reset(mt_source(pair));
    mt_qmp(mt_source(pair), "cont", NULL);
    mt_check_guest(mt_source(pair));
    mt_suspend_guest(mt_source(pair));
    mt_wake_guest(mt_source(pair));
    reset(mt_source(pair));
    mt_check_guest(mt_source(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static void reset_and_called_off(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true,
                                        .limits = MT_LIMITS(.bandwidth = SLOW_BANDWIDTH)));
    reset(mt_source(pair));
    mt_migrate_cancel(pair);
    mt_wait_exit(mt_destination(pair), 1);
    mt_new_destination(pair);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

/* As a guest does: by the port of its chipset. */
static void reset_by_the_guest(void **state)
{
    struct mt_pair *pair = *state;

    mt_qmp(mt_source(pair), "human-monitor-command", "{'command-line': %s}", "o /b 0xcf9 6");
    mt_wait_event(mt_source(pair), "RESET", EVENT_MS);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static void plug_in(struct mt_vm *vm)
{
    mt_qmp(vm, "device_add", "{'driver': 'virtio-rng-pci', 'id': 'plugged', 'bus': 'rooted'}");
}

static void plugged(void **state)
{
    struct mt_pair *pair = *state;

    plug_in(mt_source(pair));
    mt_note_guest(mt_source(pair));
    mt_check_guest(mt_source(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_check_guest(mt_destination(pair));
}

static void plugged_and_not_noted(void **state)
{
    struct mt_pair *pair = *state;

    plug_in(mt_source(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static void plugged_and_reset(void **state)
{
    struct mt_pair *pair = *state;

    plug_in(mt_source(pair));
    reset(mt_source(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_check_guest(mt_destination(pair));
}

#define NEEDS_PORT MT_NEEDS(.devices = MT_LIST("pcie-root-port", "virtio-rng-pci"))
#define PORT "pcie-root-port,id=rooted,addr=0x19"
#define WITH_PORT                                                                                  \
    MT_MACHINE(.args = MT_LIST("-device", PORT),                                                   \
               .destination_args = MT_LIST("-device", "virtio-rng-pci,id=plugged,bus=rooted"))

static const struct mt_test tests[] = {
    {.name = "before", .run = reset_before},
    {.name = "at-once", .run = reset_at_once},
    {.name = "during", .run = reset_during},
    {.name = "at-the-end", .run = reset_at_the_end},
    {.name = "after", .run = reset_after},
    {.name = "source-after", .run = reset_of_the_source_after},
    {.name = "busy", .run = reset_of_a_busy_guest},
    {.name = "suspended", .run = reset_in_a_suspend},
    {.name = "called-off", .run = reset_and_called_off},
    {.name = "by-the-guest", .run = reset_by_the_guest},
    {.name = "plugged", .run = plugged, .needs = NEEDS_PORT, .machine = WITH_PORT},
    {.name = "plugged/not-noted",
     .run = plugged_and_not_noted,
     .needs = NEEDS_PORT,
     .machine = WITH_PORT},
    {.name = "plugged/reset", .run = plugged_and_reset, .needs = NEEDS_PORT, .machine = WITH_PORT},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("resets", tests));
}
