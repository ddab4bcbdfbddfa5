/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Auto-converge: throttling sets in at the initial percentage, the migration goes on with further
 * passes meanwhile, it climbs by the increment to the maximum, and never exceeds it.
 *
 * QEMU looks at the dirty rate at the end of a pass, when more than a second has gone since it last
 * looked, and throttles when it was too high for the second time. So a pass should take a little
 * over a second. At 82 MB/s one over all that the guest writes to does, of which 87 MB go out (the
 * rest is repeated bytes), and throttling sets in at the end of the second.
 *
 * A guest that is throttled further must not converge before that is wanted, and neither must one
 * that dirties but 30 MB/s, as in an emulated KVM. It is a matter of dirty rate over bandwidth: so
 * such a guest writes to 3.3 MB, of which 2.7 go out, and they take as long at 2.55 MB/s. The pass
 * before theirs has a bandwidth of which a window of 100 ms is less than that: else they could all
 * go out within the rest of a window, 2 ms after they were found dirty, in which a guest of a busy
 * host may get no processor at all.
 */
#include "plugins/precopy/precopy.h"

enum {
    INITIAL_PERCENTAGE = 5,
    INCREMENT = 25,
    MAXIMUM_PERCENTAGE = 95,
    BANDWIDTH = 82 * 1000 * 1000,
    /* Still far less than what a throttled guest dirties in a second. */
    RAISED_BANDWIDTH = 400 * 1000 * 1000,
    SMALL_SET = 800,
    SMALL_BANDWIDTH = 2550 * 1000,
    BANDWIDTH_BEFORE_SMALL = 20 * 1000 * 1000,
    PAGE_SIZE = 4096,
    THROTTLE_TIMEOUT_MS = 30000,
};

const char throttle_percentage[] = "cpu-throttle-percentage";
static const char syncs[] = "ram.dirty-sync-count";

static void want_throttling(struct mt_pair *pair, int initial, int increment, int maximum)
{
    struct mt_vm *source = mt_source(pair);

    mt_set_source_capability(pair, "auto-converge", true);
    mt_set_parameter(source, "cpu-throttle-initial", initial);
    mt_set_parameter(source, "cpu-throttle-increment", increment);
    mt_set_parameter(source, "max-cpu-throttle", maximum);
}

void start_throttled(struct mt_pair *pair, int initial, int increment, int maximum)
{
    want_throttling(pair, initial, increment, maximum);
    /* It does not rest now, either: a guest that did would make up for what it is throttled by. */
    mt_set_dirtying(mt_source(pair), MT_DIRTYING(.working_set = SMALL_SET));
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true,
                                        .limits = MT_LIMITS(.bandwidth = BANDWIDTH_BEFORE_SMALL)));
    mt_migrate_wait_pass(pair, 1);
    mt_set_parameter(mt_source(pair), "max-bandwidth", SMALL_BANDWIDTH);
}

void wait_passes(struct mt_pair *pair, int64_t count)
{
    mt_migrate_wait_value(pair, syncs, mt_migrate_value(pair, syncs) + count, THROTTLE_TIMEOUT_MS);
}

/* In the first pass, where QEMU throttles only who dirties more than half of what it sends. */
static bool dirties_little(struct mt_pair *pair)
{
    return mt_migrate_value(pair, "ram.dirty-pages-rate") * PAGE_SIZE < BANDWIDTH * INT64_C(3) / 4;
}

/* The pass that has begun meanwhile has all of it to send, and so has the next: to what is not of
 * the set the guest writes once more when it is told. */
static void scale_down(struct mt_pair *pair)
{
    mt_set_dirtying(mt_source(pair), MT_DIRTYING(.working_set = SMALL_SET));
    wait_passes(pair, 1);
    mt_set_parameter(mt_source(pair), "max-bandwidth", BANDWIDTH_BEFORE_SMALL);
    wait_passes(pair, 1);
    mt_set_parameter(mt_source(pair), "max-bandwidth", SMALL_BANDWIDTH);
}

void auto_converge(void **state)
{
    struct mt_pair *pair = *state;

    want_throttling(pair, INITIAL_PERCENTAGE, INCREMENT, MAXIMUM_PERCENTAGE);
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true,
                                        .limits = MT_LIMITS(.bandwidth = BANDWIDTH)));
    mt_migrate_wait_pass(pair, 1);
    bool little = dirties_little(pair);
    if (little) {
        scale_down(pair);
    }
    int64_t first = mt_migrate_wait_value(pair, throttle_percentage, 1, THROTTLE_TIMEOUT_MS);
    assert_true(first >= INITIAL_PERCENTAGE);
    mt_note(pair, "throttle", "sets in at %lld %%", (long long)first);

    assert_true(mt_migrate_value(pair, syncs) >= 2);
    if (!little) {
        mt_set_parameter(mt_source(pair), "max-bandwidth", RAISED_BANDWIDTH);
    }
    wait_passes(pair, 1);

    mt_migrate_converge(pair, 0, 0);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    assert_in_range(mt_migrate_value(pair, throttle_percentage), INITIAL_PERCENTAGE,
                    MAXIMUM_PERCENTAGE);
    mt_migrate_continue(pair);
    mt_migrate_finish(pair);
}

/* Every step up to the maximum, and there it stays: two more looks would have been one more step.
 */
void auto_converge_maximum(void **state)
{
    enum { INITIAL = 25, STEP = 35, MAXIMUM = 85, LOOKS_A_STEP = 2 };
    struct mt_pair *pair = *state;
    int64_t expected = INITIAL;
    int64_t now = 0;

    start_throttled(pair, INITIAL, STEP, MAXIMUM);
    while (now < MAXIMUM) {
        now = mt_migrate_wait_value(pair, throttle_percentage, now + 1, THROTTLE_TIMEOUT_MS);
        mt_note(pair, "throttle", "%lld %%", (long long)now);
        assert_int_equal(now, expected);
        expected = expected + STEP < MAXIMUM ? expected + STEP : MAXIMUM;
    }
    wait_passes(pair, LOOKS_A_STEP + 1);
    assert_int_equal(mt_migrate_value(pair, throttle_percentage), MAXIMUM);
    mt_migrate_finish(pair);
}
