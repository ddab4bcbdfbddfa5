/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With switchover-ack the source runs on until the destination has agreed, which comes back over
 * the return path, without which it could not be asked.
 */
#include "plugins/precopy/precopy.h"

enum {
    /* QEMU makes ten a second when it waits for nothing but the answer. */
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

/* Each of the passes would have ended with the switchover, had the destination's answer come. */
void switchover_ack_held(void **state)
{
    struct mt_pair *pair = *state;

    agree(pair);
    mt_wire_hold(pair, MT_TO_SOURCE);
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_TCP, .live = true, .relay = true));
    mt_migrate_converge(pair, 0, 0);
    mt_migrate_wait_pass(pair, MANY_PASSES);
    assert_int_equal(mt_wire_bytes(pair, MT_TO_SOURCE), 0);
    mt_wire_release(pair, MT_TO_SOURCE);
    mt_migrate_finish(pair);
    assert_true(mt_wire_bytes(pair, MT_TO_SOURCE) > 0);
}

/* The other way round: answers that are held back hold nothing up where none was asked for. */
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
