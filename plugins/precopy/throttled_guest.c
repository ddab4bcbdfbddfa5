/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Throttling slows the guest by about what QEMU reports. The test compares the guest's passes a
 * second before and during throttling.
 *
 * QEMU lets a virtual CPU sleep for that share of the time. A busy host disturbs the comparison in
 * two ways that are not QEMU's fault. First, the virtual CPU also waits for a processor, and longer
 * the less it sleeps. The test adds that time again, at the speed that the CPU had when it ran.
 * Second, QEMU lets the CPU sleep too late, but never too early. So the slowest of several looks
 * counts. The result must be right within a factor of two upwards and of three downwards, where a
 * throttled guest spends a larger part of its time on the first write to each page after a look at
 * the dirty bitmap. A stall of the whole host, or of QEMU's thread, shows in none of these figures.
 * Where there was a stall, a pace that does not fit leaves the test undecided.
 */
#include <inttypes.h>
#include <time.h>

#include "plugins/precopy/precopy.h"

enum {
    PERCENTAGE = 80,
    INCREMENT = 1,
    MAXIMUM = 99,
    THROTTLE_TIMEOUT_MS = 30000,
    MOST_LOOKS = 5,
    SPOILING_MS = 250, /* a stall that disturbs a look of little more than a second */
    LEAST_ASLEEP_PART = 2,
};

struct moment {
    int64_t passes;
    int64_t clock_ns;
    int64_t run_ns;  /* of the virtual CPU's thread */
    int64_t wait_ns; /* for a processor */
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct moment look(struct mt_vm *vm)
{
    return (struct moment){
        .passes = mt_guest_passes(vm),
        .clock_ns = now_ns(),
        .run_ns = mt_guest_ran_ns(vm),
        .wait_ns = mt_guest_waited_ns(vm),
    };
}

/* Passes a second, and how much of the time the guest slept. */
struct pace {
    double raw; /* as counted */
    double own; /* as if the guest had not waited for a processor */
    double asleep;
};

/* The guest's pace while the migration makes a pass; 0 if the guest did not run. */
static struct pace measure(struct mt_pair *pair)
{
    struct moment before = look(mt_source(pair));
    wait_passes(pair, 1);
    struct moment after = look(mt_source(pair));

    double run = (double)(after.run_ns - before.run_ns);
    double wait = (double)(after.wait_ns - before.wait_ns);
    double length = (double)(after.clock_ns - before.clock_ns);
    if (run <= 0) {
        return (struct pace){.asleep = 1 - wait / length};
    }
    double raw = (double)(after.passes - before.passes) * 1e9 / length;
    return (struct pace){
        .raw = raw,
        .own = raw * (run + wait) / run,
        .asleep = 1 - (run + wait) / length,
    };
}

/* Measures until the guest is slow enough, at most MOST_LOOKS times. */
static struct pace measure_slowest(struct mt_pair *pair, double most)
{
    struct pace slowest = measure(pair);

    for (unsigned looks = 1; slowest.own > most && looks < MOST_LOOKS; looks++) {
        struct pace found = measure(pair);
        slowest = found.own < slowest.own ? found : slowest;
    }
    return slowest;
}

/*
 * The true pace of a guest that waits for a processor lies between the raw and the own pace, as
 * QEMU may let it sleep too late. So a guest is too fast where the raw pace is too high, or where
 * the own pace is too high and the guest hardly sleeps.
 */
static bool is_too_fast(const struct pace *under, double most, int64_t percentage)
{
    return under->raw > most ||
           (under->own > most && under->asleep < (double)percentage / 100 / LEAST_ASLEEP_PART);
}

void throttled_guest(void **state)
{
    struct mt_pair *pair = *state;

    start_throttled(pair, PERCENTAGE, INCREMENT, MAXIMUM);
    wait_passes(pair, 1);
    mt_watch_starvation(pair);
    double before = measure(pair).own;
    int64_t percentage = mt_migrate_wait_value(pair, throttle_percentage, 1, THROTTLE_TIMEOUT_MS);
    double expected = before * (double)(100 - percentage) / 100;
    struct pace under = measure_slowest(pair, expected * 2);
    mt_note(pair, "throttled",
            "%.1f passes a second before, %.1f under %" PRId64
            " %% (%.1f as counted, asleep for %.0f %% of the time)",
            before, under.own, percentage, under.raw, 100 * under.asleep);
    if (expected <= 0 || is_too_fast(&under, expected * 2, percentage) ||
        under.own < expected / 3) {
        mt_fail_unless_starved(pair, SPOILING_MS,
                               "a guest throttled by %" PRId64
                               " %% makes %.1f passes a second of %.1f",
                               percentage, under.own, before);
    }
    mt_migrate_finish(pair);
}
