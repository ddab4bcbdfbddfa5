/* SPDX-License-Identifier: Apache-2.0 */
/* A limit on the dirty rate of one VM: it is met, reported, and gone when cancelled. */
#include "plugins/dirtylimit/dirtylimit.h"

enum {
    /* QEMU's own tolerance, in MB/s: it lets the rate be that far from the limit without acting. */
    TOLERANCE_MB = 25,
    MEASUREMENTS = 19,
    MEASURE_SECONDS = 1,
    MEASURE_TIMEOUT_MS = 10000,
};

/* QEMU has no event for the end of a measurement. */
static int64_t measure(struct mt_vm *vm)
{
    mt_qmp(vm, "calc-dirty-rate", "{'calc-time': %d, 'mode': 'dirty-ring'}", MEASURE_SECONDS);
    struct mt_reply *rate =
        mt_wait_reply(vm, "query-dirty-rate", "status", "measured", MEASURE_TIMEOUT_MS);
    return mt_reply_int(rate, "vcpu-dirty-rate.0.dirty-rate");
}

static int64_t measure_until(struct mt_vm *vm, int64_t boundary, bool below)
{
    int64_t rate = 0;

    for (int i = 0; i < MEASUREMENTS; i++) {
        rate = measure(vm);
        if (below ? rate < boundary : rate > boundary) {
            break;
        }
    }
    return rate;
}

void vcpu_dirty_limit(void **state)
{
    struct mt_pair *pair = *state;
    struct mt_vm *vm = mt_source(pair);
    int64_t origin = measure(vm);
    int64_t quota = origin / 2;

    mt_note(pair, "dirty rate", "%lld MB/s, limit %lld MB/s", (long long)origin, (long long)quota);
    /* Where less is dirtied, half of it plus the tolerance is no less than all of it. */
    assert_true(origin > 2 * TOLERANCE_MB);

    mt_qmp(vm, "set-vcpu-dirty-limit", "{'dirty-rate': %lld}", (long long)quota);
    struct mt_reply *limits = mt_qmp(vm, "query-vcpu-dirty-limit", NULL);
    assert_int_equal(mt_reply_int(limits, "0.limit-rate"), quota);
    int64_t limited = measure_until(vm, quota + TOLERANCE_MB, true);
    mt_note(pair, "limited", "%lld MB/s", (long long)limited);
    assert_true(limited < quota + TOLERANCE_MB);

    mt_qmp(vm, "cancel-vcpu-dirty-limit", NULL);
    assert_int_equal(mt_reply_count(mt_qmp(vm, "query-vcpu-dirty-limit", NULL), ""), 0);
    int64_t freed = measure_until(vm, quota + TOLERANCE_MB, false);
    mt_note(pair, "freed", "%lld MB/s", (long long)freed);
    assert_true(freed > quota + TOLERANCE_MB);
    mt_quit(vm);
}
