/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Auto-converge: throttling starts at the initial percentage, rises by the increment up to the
 * maximum, and never exceeds the maximum. The migration makes further passes meanwhile.
 *
 * QEMU looks at the dirty rate at the end of a pass, when more than a second has gone by since it
 * looked last. It throttles when the rate was too high for the second time. So a pass should take a
 * little more than a second. At 82 MB/s a pass over all that the guest writes to does: 87 MB of
 * that are sent (the rest is repeated bytes). Throttling then starts at the end of the second pass.
 *
 * A guest that is throttled further must not converge before the test lets it, and neither must a
 * guest that dirties only 30 MB/s, as under an emulated KVM. What counts is the dirty rate over the
 * bandwidth. So such a guest writes to 3.3 MB, of which 2.7 MB are sent, and these take as long at
 * 2.55 MB/s. The pass before has a bandwidth at which a window of 100 ms is less than these 2.7 MB.
 * Otherwise all of them could be sent within the rest of a window, 2 ms after they were found
 * dirty, and a guest on a busy host may get no processor in that time.
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
    /* With this the guest does not rest, either: otherwise it would rest less when it is throttled.
     */
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

/* During the first pass. QEMU throttles a guest only if it dirties more than half of what is sent.
 */
static bool dirties_little(struct mt_pair *pair)
{
    return mt_migrate_value(pair, "ram.dirty-pages-rate") * PAGE_SIZE < BANDWIDTH * INT64_C(3) / 4;
}

/* The pass that has begun meanwhile has to send all pages, and so has the next pass: when the guest
 * is told its working set, it writes once more to the other pages. */
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

/* Every step up to the maximum, where the percentage stays: QEMU would take one more step after two
 * more looks. */
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
