/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Auto-converge: throttling sets in at the initial percentage, the migration goes on with further
 * passes meanwhile, and it never exceeds the maximum.
 *
 * QEMU looks at the dirty rate at the end of a pass, when more than a second has gone since it last
 * looked, and throttles when it was too high for the second time. So a pass should take a little
 * over a second: at 80 MB/s the guest's 99 MiB do, and throttling sets in after about three.
 */
#include "plugins/precopy/precopy.h"

enum {
    INITIAL_PERCENTAGE = 5,
    INCREMENT = 25,
    MAXIMUM_PERCENTAGE = 95,
    BANDWIDTH = 80 * 1000 * 1000,
    THROTTLE_TIMEOUT_MS = 30000,
};

static void limit_throttling(struct mt_vm *source)
{
    mt_set_parameter(source, "cpu-throttle-initial", INITIAL_PERCENTAGE);
    mt_set_parameter(source, "cpu-throttle-increment", INCREMENT);
    mt_set_parameter(source, "max-cpu-throttle", MAXIMUM_PERCENTAGE);
}

void auto_converge(void **state)
{
    struct mt_pair *pair = *state;

    mt_set_source_capability(pair, "auto-converge", true);
    limit_throttling(mt_source(pair));
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true,
                                        .bandwidth = BANDWIDTH));
    int64_t first = mt_migrate_wait_value(pair, "cpu-throttle-percentage", 1, THROTTLE_TIMEOUT_MS);
    assert_true(first >= INITIAL_PERCENTAGE);
    mt_note(pair, "throttle", "sets in at %lld %%", (long long)first);

    int64_t passes = mt_migrate_value(pair, "ram.dirty-sync-count");
    assert_true(passes >= 2);
    mt_migrate_wait_value(pair, "ram.dirty-sync-count", passes + 1, THROTTLE_TIMEOUT_MS);

    mt_migrate_converge(pair, 0, 0);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    assert_in_range(mt_migrate_value(pair, "cpu-throttle-percentage"), INITIAL_PERCENTAGE,
                    MAXIMUM_PERCENTAGE);
    mt_migrate_continue(pair);
    mt_migrate_finish(pair);
}
