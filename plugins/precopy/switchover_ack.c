/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With switchover-ack the source runs on until the destination has agreed. The answer needs the
 * return path.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "plugins/precopy/precopy.h"

enum {
    /* QEMU makes ten passes a second while it waits only for the answer. */
    MANY_PASSES = 10,
};

static void agree(struct mt_pair *pair)
{
    mt_set_capability(pair, "return-path", true);
    mt_set_capability(pair, "switchover-ack", true);
}

void switchover_ack(void **state)
{
    agree(*state);
    mt_migrate(*state, MT_MIGRATION(.transport = MT_TCP, .live = true));
}

/*
 * QEMU 11.1 waits for the answer only if a device asks for that, unless it is told to wait in any
 * case, as with older machine types. No device here asks.
 */
static bool may_ask_for_none(struct mt_vm *source)
{
    struct mt_reply *properties =
        mt_qmp(source, "qom-list-properties", "{'typename': 'migration'}");
    int64_t count = mt_reply_count(properties, "");
    bool may = false;

    for (int64_t i = 0; i < count; i++) {
        char path[32];
        snprintf(path, sizeof(path), "%" PRId64 ".name", i);
        may |= strcmp(mt_reply_string(properties, path), "switchover-ack-legacy") == 0;
    }
    return may;
}

/* If the destination's answer had come, any of the passes would have ended with the switchover. */
void switchover_ack_held(void **state)
{
    struct mt_pair *pair = *state;

    agree(pair);
    mt_wire_hold(pair, MT_TO_SOURCE);
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_TCP, .live = true, .relay = true));
    mt_migrate_converge(pair, 0, 0);
    unsigned passes = mt_migrate_watch_passes(pair, MANY_PASSES);
    assert_int_equal(mt_wire_bytes(pair, MT_TO_SOURCE), 0);
    mt_wire_release(pair, MT_TO_SOURCE);
    mt_migrate_finish(pair);
    assert_true(mt_wire_bytes(pair, MT_TO_SOURCE) > 0);
    if (passes < MANY_PASSES && may_ask_for_none(mt_source(pair))) {
        mt_skip(pair, "this source waits for an answer only where a device asks for one "
                      "(switchover-ack-legacy is off), and none here does");
    }
    if (passes < MANY_PASSES) {
        mt_fail_test(
            pair,
            "the source stopped for the switchover after %u passes, before the destination "
            "could agree",
            passes);
    }
}

/* The opposite: answers that are held back delay nothing where the source does not wait for one. */
void return_path_held(void **state)
{
    struct mt_pair *pair = *state;

    mt_set_capability(pair, "return-path", true);
    mt_wire_hold(pair, MT_TO_SOURCE);
    mt_migrate_start(pair,
                     MT_MIGRATION(.transport = MT_TCP, .live = true, .relay = true, .pause = true));
    mt_migrate_wait_pass(pair, 1);
    mt_migrate_converge(pair, 0, 0);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    assert_int_equal(mt_wire_bytes(pair, MT_TO_SOURCE), 0);
    mt_wire_release(pair, MT_TO_SOURCE);
    mt_migrate_finish(pair);
    assert_true(mt_wire_bytes(pair, MT_TO_SOURCE) > 0);
}
