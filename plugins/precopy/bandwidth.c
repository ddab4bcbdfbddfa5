/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A migration stays below its bandwidth, from `active` until the source stops.
 *
 * QEMU allows a tenth of the bandwidth in each window of 100 ms, and stops sending when that is
 * used up. Two effects let it send more than bandwidth x time. The windows at both ends count in
 * full. And the last pages of a window count when they are flushed, some 128 KiB at a time
 * (measured: 1.44 times the bandwidth at 3 MB/s, 1.07 times at 30 MB/s, in both cases 0.13 to 0.21
 * MB too much in a window). So the test allows two more windows than there were, and two flushes
 * too much in each: 14 % for the guest's 104 MB here.
 */
#include "plugins/precopy/precopy.h"

enum {
    BANDWIDTH = 60 * 1000 * 1000,
    WINDOW_US = 100 * 1000,
    WINDOWS_A_SECOND = 10,
    SLACK_A_WINDOW = 2 * 128 * 1024,
    /* What any machine sends. Less means that something else was the limit. */
    LEAST_SHARE = 8,
};

static void assert_kept_under(struct mt_pair *pair, int64_t sent, int64_t us)
{
    int64_t windows = us / WINDOW_US + 2;
    int64_t most = windows * (BANDWIDTH / WINDOWS_A_SECOND + SLACK_A_WINDOW);
    int64_t rate = sent * 1000 * 1000 / us;

    mt_note(pair, "bandwidth", "%lld bytes/s under a limit of %d", (long long)rate, BANDWIDTH);
    if (sent > most) {
        mt_fail_test(pair, "%lld bytes went out within %lld us, at most %lld may", (long long)sent,
                     (long long)us, (long long)most);
    }
    if (rate <= BANDWIDTH / LEAST_SHARE) {
        mt_fail_unless_starved(pair, us / 1000 / 2,
                               "%lld bytes/s under a limit of %d: something else was the limit",
                               (long long)rate, BANDWIDTH);
    }
}

void bandwidth(void **state)
{
    struct mt_pair *pair = *state;
    const int64_t any_downtime_ms = 30000;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .pause = true,
                                        .limits = MT_LIMITS(.bandwidth = BANDWIDTH)));
    mt_watch_starvation(pair);
    mt_migrate_wait_pass(pair, 1);
    mt_migrate_converge(pair, BANDWIDTH, any_downtime_ms);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    assert_kept_under(pair, mt_migrate_value(pair, "ram.transferred"),
                      mt_migrate_event_time(pair, "STOP") - mt_migrate_event_time(pair, "active"));
    mt_migrate_finish(pair);
}
