/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switchover comes after the first full pass, and not before QEMU can send what remains within
 * the downtime limit, at the bandwidth that QEMU measures.
 *
 * The guest dirties all of its 104 MB (99 MiB) again between two of QEMU's looks. So a limit that
 * allows 45 MB must keep the migration from converging, also on a host so busy that the guest
 * writes to half of its memory only. A limit that allows 150 MB must let the migration converge.
 * The first pass takes 0.7 s: seven of the windows of 100 ms in which QEMU measures its bandwidth.
 * Before the first window has ended, QEMU knows no bandwidth.
 */
#include "plugins/precopy/precopy.h"

enum {
    BANDWIDTH = 150 * 1000 * 1000,
    TOO_SHORT_MS = 300,
    LONG_ENOUGH_MS = 1000,
    /* QEMU looks again whenever its estimate allows, which newly dirtied pages do not raise. */
    LOOKS_WITH_TOO_SHORT = 4,
    LOOKS_TIMEOUT_MS = 20000,
    PASS_MS = 300, /* over what is too much for the limit that is too short */
    PAGE_SIZE = 4096,
};

/* In a window QEMU sends a little more than the bandwidth says (see bandwidth.c), so 5 %. */
static int64_t most_remaining(int64_t downtime_ms)
{
    return BANDWIDTH / 1000 * downtime_ms / 100 * 105;
}

static void see_full_pass(struct mt_pair *pair)
{
    mt_migrate_wait_pass(pair, 1);
    int64_t pages = mt_migrate_value(pair, "ram.normal") + mt_migrate_value(pair, "ram.duplicate");
    int64_t total = mt_migrate_value(pair, "ram.total") / PAGE_SIZE;
    if (pages < total) {
        mt_fail_test(pair, "the first pass ended after %lld of %lld pages", (long long)pages,
                     (long long)total);
    }
}

static void see_it_held_up(struct mt_pair *pair)
{
    int64_t looks = mt_migrate_value(pair, "ram.dirty-sync-count");

    mt_watch_starvation(pair);
    mt_migrate_converge(pair, BANDWIDTH, TOO_SHORT_MS);
    mt_migrate_wait_value(pair, "ram.dirty-sync-count", looks + LOOKS_WITH_TOO_SHORT,
                          LOOKS_TIMEOUT_MS);
}

void switchover(void **state)
{
    struct mt_pair *pair = *state;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true,
                                        .limits = MT_LIMITS(.bandwidth = BANDWIDTH)));
    see_full_pass(pair);
    see_it_held_up(pair);

    mt_migrate_converge(pair, BANDWIDTH, LONG_ENOUGH_MS);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    int64_t remaining = mt_migrate_value(pair, "ram.remaining");
    mt_note(pair, "remaining at switchover", "%lld bytes", (long long)remaining);
    see_guest_dirtied(pair, remaining, PASS_MS);
    assert_in_range(remaining, 1, most_remaining(LONG_ENOUGH_MS));
    mt_migrate_finish(pair);
}
