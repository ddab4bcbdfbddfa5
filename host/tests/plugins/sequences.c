/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations of one pair after each other: what one wanted is not there in the next. */
#include <migtest/migtest.h>

MT_PLUGIN(.name = "sequences", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "One migration after another");

enum {
    SLOW_BANDWIDTH = 20 * 1000 * 1000, /* a pass over all of the guest's memory takes seconds */
};

static void call_off(struct mt_pair *pair)
{
    mt_migrate_cancel(pair);
    mt_wait_exit(mt_destination(pair), 1);
    mt_new_destination(pair);
}

static void no_pause_after_pause(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true));
    mt_migrate_wait_pass(pair, 1);
    mt_migrate_converge(pair, 0, 0);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    call_off(pair);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static void no_channels_after_channels(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_TCP, .live = true,
                                        .multifd = MT_MULTIFD(.channels = 2)));
    mt_migrate_wait_pass(pair, 1);
    call_off(pair);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_TCP, .live = true));
    assert_int_equal(mt_migrate_value(pair, "ram.multifd-bytes"), 0);
}

/* The guest was stopped for it, and runs again afterwards. */
static void stopped_guest_goes_on(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .pause = true));
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    call_off(pair);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX));
}

static void stopped_by_the_test(void **state)
{
    struct mt_pair *pair = *state;

    mt_qmp(mt_source(pair), "stop", NULL);
    mt_wait_event(mt_source(pair), "STOP", 1000);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX));
}

/* To the end; QEMU keeps to a bandwidth in windows of 100 ms. */
static void stopped_guest_is_limited(void **state)
{
    struct mt_pair *pair = *state;
    const int64_t bandwidth = 100000000;
    const int64_t window_ms = 100;

    mt_migrate(pair,
               MT_MIGRATION(.transport = MT_UNIX, .limits = MT_LIMITS(.bandwidth = bandwidth)));
    int64_t least_ms = mt_migrate_value(pair, "ram.transferred") * 1000 / bandwidth;
    assert_true(mt_migrate_value(pair, "total-time") + 2 * window_ms >= least_ms);
}

static void stopped_guest_has_downtime(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .pause = true,
                                        .limits = MT_LIMITS(.downtime_ms = 500)));
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    assert_int_equal(
        mt_reply_int(mt_qmp(mt_source(pair), "query-migrate-parameters", NULL), "downtime-limit"),
        500);
    mt_migrate_finish(pair);
}

/* It is suspended beneath, and is so again on the destination. */
static void suspended_and_stopped(void **state)
{
    struct mt_pair *pair = *state;

    mt_suspend_guest(mt_source(pair));
    mt_qmp(mt_source(pair), "stop", NULL);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX));
    mt_wake_guest(mt_destination(pair));
}

/* What the library waits for by itself is there for the test as well, and the other way round. */
static void events_are_shared(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_migrate_wait_pass(pair, 1);
    mt_migrate_converge(pair, 0, 0);
    mt_wait_event(mt_source(pair), "STOP", 20000);
    mt_migrate_finish(pair);
    mt_wait_event(mt_destination(pair), "RESUME", 1000);
}

/*
 * It is suspended while its migration is under way, which is then called off; as a suspended guest
 * dirties nothing, the pass must not end before.
 */
static void suspended_meanwhile_and_called_off(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true));
    mt_migrate_wait_pass(pair, 1);
    mt_set_parameter(mt_source(pair), "max-bandwidth", SLOW_BANDWIDTH);
    mt_suspend_guest(mt_source(pair));
    call_off(pair);
    mt_wake_guest(mt_source(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static const char declared[] = "avail-switchover-bandwidth";

static int64_t declared_bandwidth(struct mt_pair *pair)
{
    return mt_reply_int(mt_qmp(mt_source(pair), "query-migrate-parameters", NULL), declared);
}

/* By which QEMU is kept from converging; then it is to measure. */
static void bandwidth_is_declared_until_convergence(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    assert_true(declared_bandwidth(pair) > 0);
    call_off(pair);
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true,
                                        .limits = MT_LIMITS(.bandwidth = SLOW_BANDWIDTH)));
    assert_int_equal(declared_bandwidth(pair), 0);
    call_off(pair);
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    assert_true(declared_bandwidth(pair) > 0);
    mt_migrate_converge(pair, 0, 0);
    assert_int_equal(declared_bandwidth(pair), 0);
    mt_migrate_finish(pair);
}

static void bandwidth_of_the_test_stays_declared(void **state)
{
    struct mt_pair *pair = *state;

    mt_set_parameter(mt_source(pair), declared, SLOW_BANDWIDTH);
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    assert_int_equal(declared_bandwidth(pair), SLOW_BANDWIDTH);
    mt_migrate_finish(pair);
    assert_int_equal(declared_bandwidth(pair), SLOW_BANDWIDTH);
}

#define NEEDS_DECLARED MT_NEEDS(.parameters = MT_LIST("avail-switchover-bandwidth"))

static const struct mt_test tests[] = {
    {.name = "no-pause-after-pause", .run = no_pause_after_pause},
    {.name = "no-channels-after-channels", .run = no_channels_after_channels},
    {.name = "stopped-guest-goes-on", .run = stopped_guest_goes_on},
    {.name = "stopped-by-the-test", .run = stopped_by_the_test},
    {.name = "stopped-guest-is-limited", .run = stopped_guest_is_limited},
    {.name = "stopped-guest-has-downtime", .run = stopped_guest_has_downtime},
    {.name = "suspended-and-stopped",
     .run = suspended_and_stopped,
     .needs = MT_NEEDS(.since = MT_SINCE(.word = "suspend-kept", .source = "9.0",
                                         .destination = "9.0", .lack = "wakes it"))},
    {.name = "events-are-shared", .run = events_are_shared},
    {.name = "bandwidth-is-declared",
     .run = bandwidth_is_declared_until_convergence,
     .needs = NEEDS_DECLARED},
    {.name = "declared-by-the-test",
     .run = bandwidth_of_the_test_stays_declared,
     .needs = NEEDS_DECLARED},
    {.name = "suspended-meanwhile-and-called-off", .run = suspended_meanwhile_and_called_off},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("sequences", tests));
}
