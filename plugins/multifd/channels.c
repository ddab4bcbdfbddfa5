/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All channels that the test asks for connect, and all of them carry pages.
 *
 * A channel that is free takes a packet of 512 KiB. The guest's 99 MiB are 198 packets in a pass.
 * With fewer than eight packets for a channel, some channels may correctly carry none, so the test
 * can ask for a limited number of channels only. Besides pages, a channel carries a few KiB in a
 * pass. The main channel does so, too. It also carries the zero pages where the migration thread
 * finds them (QEMU before 9.0), nine bytes for each page. A guest of upstream's size has so few of
 * them that the main channel does not count as one that carries pages.
 */
#include <errno.h>
#include <string.h>

#include "plugins/multifd/multifd.h"
#include "plugins/multifd/sockets.h"

enum {
    MOST_CHANNELS = 24,
    PACKET = 512 * 1024,
};

static unsigned count_carriers(const uint64_t *bytes, unsigned connections)
{
    unsigned count = 0;

    for (unsigned i = 0; i < connections; i++) {
        count += bytes[i] >= PACKET;
    }
    return count;
}

static void assert_all_carry(struct mt_pair *pair, unsigned channels)
{
    uint64_t bytes[MOST_CHANNELS + 1] = {0};
    int connections =
        tcp_bytes_sent(mt_pid(mt_source(pair)), bytes, sizeof(bytes) / sizeof(bytes[0]));

    if (connections < 0) {
        mt_fail_test(pair, "cannot look at the source's sockets: %s", strerror(errno));
    }
    if (connections != (int)channels + 1) {
        mt_fail_test(pair, "%d connections for %u channels and the main one", connections,
                     channels);
    }
    unsigned carriers = count_carriers(bytes, channels + 1);
    mt_note(pair, "channels", "%u of %u carry pages", carriers, channels);
    if (carriers != channels) {
        mt_fail_test(pair, "%u of %u channels carry pages", carriers, channels);
    }
}

void channels_carry(void **state)
{
    struct mt_pair *pair = *state;
    unsigned wanted = wanted_channels(pair);
    unsigned channels = wanted < MOST_CHANNELS ? wanted : MOST_CHANNELS;

    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_TCP, .live = true, .pause = true,
                                        .multifd = MT_MULTIFD(.channels = channels)));
    mt_migrate_wait_pass(pair, 1);
    mt_migrate_converge(pair, 0, 0);
    mt_migrate_wait_status(pair, MT_STATUS_PRE_SWITCHOVER);
    assert_all_carry(pair, channels);
    mt_migrate_finish(pair);
}
