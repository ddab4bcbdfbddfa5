/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/probe/ring_trial.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/json.h"
#include "guest/contract.h"
#include "lib/monitor/reply.h"

static const int64_t measure_timeout_ms = 10000;

static const int64_t pass_mb = (int64_t)MT_GUEST_PAGES * MT_GUEST_PAGE_SIZE / 1000000;

/*
 * The ring is smaller than a pass. So each pass fills and empties the ring several times, and each
 * page of the pass is reported. Passes are counted in the middle half of the measured second,
 * because a guest whose writes are not counted makes many more of them: ten times as many under an
 * emulated KVM. The ring must report at least half of what these passes wrote. That allows for
 * passes that began or ended outside of the middle half.
 */
static const int64_t count_from_ms = 250;
static const int64_t count_until_ms = 750;
static const int64_t least_part = 2;

static int moment_is_over(void *context, struct mt_error *error)
{
    const int64_t *moment_ms = context;

    (void)error;
    return mt_now_ms() >= *moment_ms;
}

static int ring_wait_until(struct mt_vm *vm, int64_t moment_ms, struct mt_error *error)
{
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "the middle of the measurement",
        .timeout_ms = measure_timeout_ms,
        .condition = moment_is_over,
        .context = &moment_ms,
        .look_again_ms = 10,
    };

    return mt_wait_for(&wait, error);
}

static int ring_count_passes(struct mt_vm *vm, uint64_t *ret_passes, struct mt_error *error)
{
    int64_t start_ms = mt_now_ms();

    if (ring_wait_until(vm, start_ms + count_from_ms, error) < 0) {
        return -1;
    }
    uint64_t before = mt_vm_guest_passes(vm);
    if (ring_wait_until(vm, start_ms + count_until_ms, error) < 0) {
        return -1;
    }
    *ret_passes = mt_vm_guest_passes(vm) - before;
    return 0;
}

static int ring_measure(struct mt_vm *vm, int64_t *ret_rate, uint64_t *ret_passes,
                        struct mt_error *error)
{
    MT_AUTO_JSON json_t *rate = NULL;

    if (mt_vm_qmp_format(vm, NULL, error, "calc-dirty-rate",
                         "{'calc-time': 1, 'mode': 'dirty-ring'}") < 0 ||
        ring_count_passes(vm, ret_passes, error) < 0 ||
        mt_vm_wait_reply(vm, &rate, "query-dirty-rate", "status", "measured", measure_timeout_ms,
                         error) < 0) {
        return -1;
    }
    *ret_rate = json_integer_value(mt_json_at(rate, "vcpu-dirty-rate.0.dirty-rate"));
    return 0;
}

static int ring_judge(int64_t rate, uint64_t passes, struct mt_error *error)
{
    if (rate == 0) {
        return mt_fail(error,
                       "it reported nothing in a second in which the guest should have written "
                       "to its memory without a pause");
    }
    if (passes >= 2 && rate < (int64_t)passes * pass_mb / least_part) {
        return mt_fail(error,
                       "it reported %" PRId64
                       " MB in a second; in half of it the guest wrote to %" PRId64 " MB %" PRIu64
                       " times",
                       rate, pass_mb, passes);
    }
    return 0;
}

/* A second in which the guest, QEMU or we had no processor for that long proves nothing. */
static const int64_t starved_limit_us = 250000;
enum { MOST_STARVED = 3 };

static int ring_measure_well(struct mt_vm *vm, struct mt_error *error)
{
    for (int starved = 0;; starved++) {
        int64_t from_us = mt_now_us();
        int64_t rate = 0;
        uint64_t passes = 0;
        if (ring_measure(vm, &rate, &passes, error) < 0) {
            return -1;
        }
        int result = ring_judge(rate, passes, error);
        if (result == 0 || mt_starvation_longest_us(&vm->process.starvation, from_us, true, NULL) <
                               starved_limit_us) {
            return result;
        }
        if (starved == MOST_STARVED) {
            return mt_wrap(error, "on a host too busy to measure it %d times", MOST_STARVED + 1);
        }
        mt_error_clear(error);
    }
}

/*
 * There is a software KVM under which the guest stands still after the ring was full for the first
 * time, and migrations lose what was in the ring. The guest never stops writing. So a second with
 * no reported write shows such a KVM. Only the second measurement can show it.
 */
int mt_try_dirty_ring(struct mt_vm *vm, struct mt_error *error)
{
    int64_t rate = 0;
    uint64_t passes = 0;

    /* A limit of 0 removes any limit. QEMU refuses the command where there is no ring. */
    if (mt_vm_qmp_format(vm, NULL, error, "set-vcpu-dirty-limit", "{'dirty-rate': 0}") < 0) {
        return -1;
    }
    mt_starvation_watch(&vm->process.starvation);
    return ring_measure(vm, &rate, &passes, error) < 0 ? -1 : ring_measure_well(vm, error);
}
