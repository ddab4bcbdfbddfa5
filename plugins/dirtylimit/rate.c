/* SPDX-License-Identifier: Apache-2.0 */
/* How fast the source dirties memory, and how fast its guest goes on meanwhile. */
#include <time.h>

#include "plugins/dirtylimit/dirtylimit.h"

enum {
    MEASUREMENTS = 19,
    MEASURE_SECONDS = 1,
    MEASURE_TIMEOUT_MS = 20000,
};

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double awake_s(struct mt_vm *vm)
{
    return (double)(mt_guest_ran_ns(vm) + mt_guest_waited_ns(vm)) / 1e9;
}

/* QEMU has no event for the end of a measurement. */
struct second measure_second(struct mt_vm *vm)
{
    double start = now_s();
    double awake = awake_s(vm);
    int64_t beats = mt_guest_beats(vm);

    mt_qmp(vm, "calc-dirty-rate", "{'calc-time': %d, 'mode': 'dirty-ring'}", MEASURE_SECONDS);
    struct mt_reply *rate =
        mt_wait_reply(vm, "query-dirty-rate", "status", "measured", MEASURE_TIMEOUT_MS);
    double length = now_s() - start;
    return (struct second){
        .rate_mb = mt_reply_int(rate, "vcpu-dirty-rate.0.dirty-rate"),
        .pace = (double)(mt_guest_beats(vm) - beats) / length,
        .awake = (awake_s(vm) - awake) / length,
    };
}

void note_second(struct mt_pair *pair, const char *when, struct second second)
{
    mt_note(pair, when, "%lld MB/s, %.1f beats a second, awake %.0f %% of the time",
            (long long)second.rate_mb, second.pace, 100 * second.awake);
}

static struct second measure_until(struct mt_pair *pair, int64_t boundary_mb, bool below)
{
    struct second found = {0};

    for (int i = 0; i < MEASUREMENTS; i++) {
        found = measure_second(mt_source(pair));
        if (below ? found.rate_mb < boundary_mb : found.rate_mb > boundary_mb) {
            return found;
        }
    }
    mt_fail_test(pair, "after %d measurements the guest dirties %lld MB/s; expected %s than %lld",
                 MEASUREMENTS, (long long)found.rate_mb, below ? "less" : "more",
                 (long long)boundary_mb);
}

struct second measure_until_below(struct mt_pair *pair, int64_t boundary_mb)
{
    return measure_until(pair, boundary_mb, true);
}

struct second measure_until_above(struct mt_pair *pair, int64_t boundary_mb)
{
    return measure_until(pair, boundary_mb, false);
}

struct second measure_until_awake(struct mt_pair *pair)
{
    const double least = 0.75;
    struct second found = {0};

    for (int i = 0; i < MEASUREMENTS; i++) {
        found = measure_second(mt_source(pair));
        if (found.awake >= least) {
            return found;
        }
    }
    mt_fail_test(pair, "after %d measurements the guest's CPU sleeps %.0f %% of the time",
                 MEASUREMENTS, 100 - 100 * found.awake);
}

struct second measure_origin(struct mt_pair *pair)
{
    return measure_until_above(pair, (int64_t)2 * TOLERANCE_MB);
}

int64_t limits_in_service(struct mt_pair *pair)
{
    return mt_reply_count(mt_qmp(mt_source(pair), "query-vcpu-dirty-limit", NULL), "");
}
