/* SPDX-License-Identifier: Apache-2.0 */
/* How fast the source dirties memory, and how fast its guest goes on meanwhile. */
#include <time.h>

#include "plugins/dirtylimit/dirtylimit.h"

enum {
    MEASUREMENTS = 19,
    MEASURE_SECONDS = 1,
    MEASURE_TIMEOUT_MS = 20000,
    UPSTREAM_LIMIT_MB = 50,
    TIGHT_PART = 10,
    ANY = 1000000,
};

/* A guest that was not throttled was seen awake 92 to 101 % of a second, one held by a tight limit
 * 8 to 20 %; under a loop of work beside it as well, as who waits for a CPU is awake. */
#define FREE 0.75
#define HELD 0.5

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

struct expected {
    int64_t above_mb, below_mb; /* the rate */
    double least, most;         /* how much of the time the CPU is awake */
};

static struct second measure_until(struct mt_pair *pair, const struct expected *expected)
{
    struct second found = {0};

    for (int i = 0; i < MEASUREMENTS; i++) {
        found = measure_second(mt_source(pair));
        if (found.rate_mb > expected->above_mb && found.rate_mb < expected->below_mb &&
            found.awake >= expected->least && found.awake <= expected->most) {
            return found;
        }
    }
    mt_fail_test(pair,
                 "after %d measurements the guest dirties %lld MB/s, its CPU awake %.0f %% of the "
                 "time; expected between %lld and %lld MB/s, awake %.0f to %.0f %%",
                 MEASUREMENTS, (long long)found.rate_mb, 100 * found.awake,
                 (long long)expected->above_mb, (long long)expected->below_mb,
                 100 * expected->least, 100 * expected->most);
}

struct second measure_until_below(struct mt_pair *pair, int64_t boundary_mb)
{
    return measure_until(pair, &(struct expected){-1, boundary_mb, 0, ANY});
}

struct second measure_until_held(struct mt_pair *pair, int64_t limit_mb)
{
    return measure_until(pair, &(struct expected){-1, limit_mb + TOLERANCE_MB, 0, HELD});
}

struct second measure_until_free(struct mt_pair *pair, int64_t limit_mb)
{
    return measure_until(pair, &(struct expected){limit_mb + TOLERANCE_MB, ANY, FREE, ANY});
}

struct second measure_until_awake(struct mt_pair *pair)
{
    return measure_until(pair, &(struct expected){-1, ANY, FREE, ANY});
}

struct second measure_origin(struct mt_pair *pair)
{
    return measure_until(pair, &(struct expected){TOLERANCE_MB + TOLERANCE_MB / 5, ANY, 0, ANY});
}

int64_t tight_limit(int64_t rate_mb)
{
    int64_t part = rate_mb / TIGHT_PART;

    return part < UPSTREAM_LIMIT_MB ? part : UPSTREAM_LIMIT_MB;
}

int64_t limits_in_service(struct mt_pair *pair)
{
    return mt_reply_count(mt_qmp(mt_source(pair), "query-vcpu-dirty-limit", NULL), "");
}
