/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Throttling slows the guest by about what QEMU reports, in passes a second before and under it.
 *
 * QEMU lets a virtual CPU sleep that share of the time. A host that has other things to do blurs
 * this in two ways, neither of them QEMU's doing. The virtual CPU waits for a processor as well,
 * the more the less it sleeps: the time that it waited is given back, at the speed that it had when
 * it ran. And QEMU's main thread, which sends it to sleep every so often, waits for a processor too
 * and comes late by as much: that is allowed for. What remains is
 * within a factor of two upwards, and three downwards, where the first write to each page after a
 * look at the dirty bitmap costs a throttled guest a larger part of its time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "plugins/precopy/precopy.h"

enum {
    PERCENTAGE = 80,
    INCREMENT = 1,
    MAXIMUM = 99,
    THROTTLE_TIMEOUT_MS = 30000,
};

struct moment {
    int64_t passes;
    int64_t clock_ns;
    int64_t run_ns;  /* of the virtual CPU's thread */
    int64_t wait_ns; /* for a processor */
    int64_t late_ns; /* that the main thread waited for one */
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void read_scheduling(struct mt_vm *vm, int64_t thread, int64_t *ret_run, int64_t *ret_wait)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/task/%" PRId64 "/schedstat", (int)mt_pid(vm), thread);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    int found = fscanf(file, "%" SCNd64 " %" SCNd64, ret_run, ret_wait);
    fclose(file);
    assert_int_equal(found, 2);
}

static struct moment look(struct mt_vm *vm)
{
    struct moment moment = {.passes = mt_guest_passes(vm), .clock_ns = now_ns()};
    int64_t thread = mt_reply_int(mt_qmp(vm, "query-cpus-fast", NULL), "0.thread-id");
    int64_t ignored;

    read_scheduling(vm, thread, &moment.run_ns, &moment.wait_ns);
    read_scheduling(vm, mt_pid(vm), &ignored, &moment.late_ns);
    return moment;
}

struct speed {
    double passes_a_second;
    double late; /* share of the time */
};

/* The guest's speed while the migration makes a pass. */
static struct speed measure(struct mt_pair *pair)
{
    struct moment before = look(mt_source(pair));
    wait_passes(pair, 1);
    struct moment after = look(mt_source(pair));

    double clock = (double)(after.clock_ns - before.clock_ns);
    double run = (double)(after.run_ns - before.run_ns);
    double wait = (double)(after.wait_ns - before.wait_ns);
    double passes = (double)(after.passes - before.passes) * (run + wait) / run;
    return (struct speed){
        .passes_a_second = passes * 1e9 / clock,
        .late = (double)(after.late_ns - before.late_ns) / clock,
    };
}

static void assert_slowed(struct mt_pair *pair, struct speed before, struct speed under,
                          int64_t percentage)
{
    const double most_ever = 0.8; /* so that no lateness makes up for not sleeping at all */
    double expected = (double)(100 - percentage) / 100;
    double most = expected * 2 + under.late;
    double found = under.passes_a_second / before.passes_a_second;

    mt_note(pair, "throttled", "%.1f passes a second before, %.1f under %" PRId64 " %%",
            before.passes_a_second, under.passes_a_second, percentage);
    if (found > (most < most_ever ? most : most_ever) || found < expected / 3) {
        mt_fail_test(pair,
                     "a guest throttled by %" PRId64 " %% has %.0f %% of its speed left, and "
                     "QEMU's main thread was late %.0f %% of the time",
                     percentage, found * 100, under.late * 100);
    }
}

void throttled_guest(void **state)
{
    struct mt_pair *pair = *state;

    start_throttled(pair, PERCENTAGE, INCREMENT, MAXIMUM);
    mt_migrate_wait_status(pair, MT_STATUS_ACTIVE);
    struct speed before = measure(pair);
    int64_t percentage = mt_migrate_wait_value(pair, throttle_percentage, 1, THROTTLE_TIMEOUT_MS);
    assert_slowed(pair, before, measure(pair), percentage);
    mt_migrate_finish(pair);
}
