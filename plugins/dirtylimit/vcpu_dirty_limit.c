/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A limit on the dirty rate of one VM is met, reported, and gone when it is cancelled. The limit
 * slows the guest, as the guest's own beats show.
 *
 * As in QEMU's own test, a limit of a half brings the rate to the limit, within QEMU's tolerance,
 * and after the limit is cancelled the rate exceeds it. Under an emulated KVM the guest dirties so
 * little that a half plus 25 MB/s is hardly a limit. So a tight limit follows there, and that one
 * is cancelled.
 *
 * A limit has a cost of its own, as KVM then traps the first write to each page. So the test
 * compares the guest's pace under the tight limit with the pace under a limit that is far above
 * what the guest dirties, where only the throttling differs. The pace must fall to two thirds, and
 * was seen at a third and less.
 */
#include "plugins/dirtylimit/dirtylimit.h"

enum { LOOSE_FACTOR = 10 };

static void set_limit(struct mt_pair *pair, int64_t limit_mb)
{
    mt_qmp(mt_source(pair), "set-vcpu-dirty-limit", "{'dirty-rate': %lld}", (long long)limit_mb);
    struct mt_reply *limits = mt_qmp(mt_source(pair), "query-vcpu-dirty-limit", NULL);
    assert_int_equal(mt_reply_int(limits, "0.limit-rate"), limit_mb);
}

/*
 * The rate that a guest without a limit must exceed by QEMU's tolerance: a half of its rate before,
 * as in QEMU's own test. Under an emulated KVM a guest may be half as fast at the next moment, so
 * there it is the limit that was cancelled.
 */
static int64_t exceeded_when_free(int64_t origin_mb, int64_t cancelled_mb)
{
    return origin_mb > FAST_MB ? origin_mb / 2 : cancelled_mb;
}

void vcpu_dirty_limit(void **state)
{
    struct mt_pair *pair = *state;
    struct mt_vm *vm = mt_source(pair);

    mt_beat_guest(vm);
    struct second origin = measure_origin(pair);
    int64_t quota = origin.rate_mb / 2;
    note_second(pair, "without a limit", origin);

    set_limit(pair, quota);
    struct second limited = measure_until_below(pair, quota + TOLERANCE_MB);
    note_second(pair, "limited to a half", limited);

    set_limit(pair, origin.rate_mb * LOOSE_FACTOR);
    struct second loose = measure_until_awake(pair);
    note_second(pair, "with a limit out of reach", loose);

    int64_t tight_mb = tight_limit(origin.rate_mb);
    set_limit(pair, tight_mb);
    struct second tight = measure_until_held(pair, origin.rate_mb, tight_mb, loose.pace * 2 / 3);
    note_second(pair, "with a tight limit", tight);

    mt_qmp(vm, "cancel-vcpu-dirty-limit", NULL);
    assert_int_equal(limits_in_service(pair), 0);
    int64_t exceeded_mb = exceeded_when_free(origin.rate_mb, tight_mb);
    note_second(pair, "cancelled",
                measure_until_free(pair, origin.rate_mb, exceeded_mb, tight.pace * 3 / 2));
    mt_quit(vm);
}
