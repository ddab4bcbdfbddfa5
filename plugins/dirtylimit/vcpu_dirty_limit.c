/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A limit on the dirty rate of one VM: it is met, reported, and gone when cancelled; and it is the
 * guest that it slows, as the guest's own beats show.
 *
 * As QEMU's own test has it, a limit of a half brings the rate to within QEMU's tolerance of it,
 * and a cancelled limit lets it exceed that. An emulated KVM makes so little that a half and 25
 * MB/s is hardly a limit: so a tight one follows, and it is that one that is cancelled.
 *
 * A limit costs by itself, as KVM then traps the first write to each page. So the guest's pace
 * under the tight limit is compared to that under one far above what it dirties, where all is the
 * same but for the throttling: it must fall to two thirds, and was seen at a third and less.
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
 * What a guest without a limit exceeds by QEMU's tolerance: a half of what it made, as QEMU's own
 * test has it. An emulated KVM's guest may be half as fast the next moment, so there it is the
 * limit that was cancelled.
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
