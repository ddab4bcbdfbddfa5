/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU distinguishes a guest that dirties little from one that dirties all. It sends the pages
 * again that were written to, and no others; it reports how fast the guest dirties memory; and it
 * converges where that fits the limits.
 *
 * Besides the pages that it is told to write to, the guest writes to its stack and to pages of its
 * devices, a few in a pass. The least that a guest dirties depends on how much of a processor it
 * gets. The most does not, so that the upper bounds are the exact ones.
 */
#include <inttypes.h>

#include "plugins/precopy/precopy.h"

enum {
    BANDWIDTH = 150 * 1000 * 1000,
    PAGE_SIZE = 4096,
    OTHER_PAGES = 64, /* measured: 3 to 20 in a pass */
    WORKING_SET = 10240,
    STRIDE = 2,
    DIRTIED = WORKING_SET / STRIDE,
    /* At this bandwidth 45 MB, twice what it dirties then, and half of what the guest has
       (switchover.c). */
    DOWNTIME_MS = 300,
    PASSES = 4,
    /* The 21 MB of a pass take 5 s: measured 20 MB/s and more of what a slow guest dirties. */
    LEAST_BANDWIDTH = 4 * 1000 * 1000,
};

struct progress {
    int64_t pages; /* sent */
    int64_t passes;
};

/* At one moment. */
static struct progress look(struct mt_pair *pair)
{
    struct mt_reply *now = mt_qmp(mt_source(pair), "query-migrate", NULL);

    return (struct progress){
        .pages = mt_reply_int(now, "ram.normal") + mt_reply_int(now, "ram.duplicate"),
        .passes = mt_reply_int(now, "ram.dirty-sync-count"),
    };
}

void see_guest_dirtied(struct mt_pair *pair, int64_t remaining, int64_t pass_ms)
{
    if (remaining == 0) {
        mt_fail_unless_starved(pair, pass_ms / 2,
                               "nothing remained at the switchover, though the guest writes to its "
                               "memory all the time");
    }
}

/*
 * Sets and returns a bandwidth at which the guest does not converge. A guest that dirties less than
 * what is sent meanwhile, as under an emulated KVM, would converge pass by pass. So the bandwidth
 * is half of what the guest dirtied in the first pass.
 */
static int64_t outpace(struct mt_pair *pair, int64_t guest_passes)
{
    int64_t dirtied = guest_passes * DIRTIED * PAGE_SIZE;
    int64_t bandwidth = dirtied * 1000 / mt_migrate_value(pair, "total-time") / 2;

    mt_note(pair, "guest", "%" PRId64 " passes during the first", guest_passes);
    if (bandwidth >= BANDWIDTH) {
        return BANDWIDTH;
    }
    bandwidth = bandwidth > LEAST_BANDWIDTH ? bandwidth : LEAST_BANDWIDTH;
    mt_set_parameter(mt_source(pair), "max-bandwidth", bandwidth);
    return bandwidth;
}

/* The pass that has just begun may have sent all of its pages before QEMU counts them. */
static void see_short_passes(struct mt_pair *pair)
{
    struct progress first = look(pair);
    mt_migrate_wait_pass(pair, 1 + PASSES);
    struct progress last = look(pair);

    int64_t passes = last.passes - first.passes;
    int64_t sent = last.pages - first.pages;
    int64_t most = (passes + 1) * (DIRTIED + OTHER_PAGES);
    mt_note(pair, "sent again", "%" PRId64 " pages in %" PRId64 " passes over %d", sent, passes,
            DIRTIED);
    if (sent > most) {
        mt_fail_test(pair,
                     "%" PRId64 " pages went out in %" PRId64 " passes, at most %" PRId64 " may",
                     sent, passes, most);
    }
}

void working_set(void **state)
{
    struct mt_pair *pair = *state;

    mt_set_dirtying(mt_source(pair), MT_DIRTYING(.working_set = WORKING_SET, .stride = STRIDE));
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true,
                                        .limits = MT_LIMITS(.bandwidth = BANDWIDTH)));
    int64_t guest_passes = mt_guest_passes(mt_source(pair));
    mt_migrate_wait_pass(pair, 1);
    int64_t bandwidth = outpace(pair, mt_guest_passes(mt_source(pair)) - guest_passes);
    see_short_passes(pair);
    mt_watch_starvation(pair);
    wait_passes(pair, 1);
    mt_migrate_converge(pair, BANDWIDTH, DOWNTIME_MS);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    int64_t remaining = mt_migrate_value(pair, "ram.remaining");
    see_guest_dirtied(pair, remaining, INT64_C(1000) * DIRTIED * PAGE_SIZE / bandwidth);
    assert_in_range(remaining, 1, (DIRTIED + OTHER_PAGES) * PAGE_SIZE);
    mt_migrate_finish(pair);
}

/* The pages that were sent or remain, since the migration began, without the first time of each. */
static int64_t found_dirty(struct mt_reply *now)
{
    int64_t sent = mt_reply_int(now, "ram.normal") + mt_reply_int(now, "ram.duplicate");
    int64_t not_sent = mt_reply_int(now, "ram.remaining") - mt_reply_int(now, "ram.total");

    return sent + not_sent / PAGE_SIZE;
}

/*
 * QEMU measures during the first pass, which takes 2.3 s at this bandwidth, and in which the guest
 * writes to no page twice. A guest that dirtied all pages would show almost twice the pace that it
 * was told. How far the guest stays below that pace depends on the host. So the lower bound comes
 * from the pages that QEMU has found dirty until the test asks; QEMU may have measured only the
 * latest second of that time.
 *
 * The further passes get shorter until the migration converges, here within some 2 s. With twice
 * the bandwidth this took 0.3 s, in which a busy worker may not get a processor.
 */
void dirty_rate(void **state)
{
    enum {
        PAGES_PER_SECOND = 6000,
        PACED_SET = 16000,
        PASS_BANDWIDTH = 45 * 1000 * 1000,
        /* Less than what the guest dirties, so that the migration goes on for as long as it does:
           measured 3.8 MB/s at least, where an emulated KVM spends the time on its page tables. */
        HOLDING_BANDWIDTH = 1000 * 1000,
        LEAST_SHARE = 2, /* of the mean until now */
        MEASURED_MS = 1000,
        TIMEOUT_MS = 20000,
    };
    struct mt_pair *pair = *state;
    struct mt_vm *source = mt_source(pair);

    mt_set_dirtying(source,
                    MT_DIRTYING(.pages_per_second = PAGES_PER_SECOND, .working_set = PACED_SET));
    mt_watch_starvation(pair);
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true,
                                        .limits = MT_LIMITS(.bandwidth = PASS_BANDWIDTH)));
    mt_migrate_wait_value(pair, "ram.dirty-pages-rate", 1, TIMEOUT_MS);
    mt_set_parameter(source, "max-bandwidth", HOLDING_BANDWIDTH);
    struct mt_reply *now = mt_qmp(source, "query-migrate", NULL);
    int64_t rate = mt_reply_int(now, "ram.dirty-pages-rate");
    int64_t mean = found_dirty(now) * 1000 / mt_reply_int(now, "total-time");
    mt_note(pair, "dirty rate", "%" PRId64 " pages a second of %d, found %" PRId64, rate,
            PAGES_PER_SECOND, mean);
    assert_in_range(rate, 1, PAGES_PER_SECOND * 110 / 100);
    if (rate < mean / LEAST_SHARE) {
        mt_fail_unless_starved(pair, MEASURED_MS / LEAST_SHARE,
                               "the dirty rate is %" PRId64 " pages a second, found were %" PRId64,
                               rate, mean);
    }
    mt_set_dirtying(source, MT_DIRTYING());
    mt_migrate_finish(pair);
}
