/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The destination announces to the network where the guest's cards are now, as often as it was told
 * to, and the source never announces anything. Before the announcement, switches send the guest's
 * frames to the host that the guest has left.
 */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "plugins/precopy/precopy.h"

enum {
    ROUNDS = 3,
    INTERVAL_MS = 20,
    ANNOUNCE_TIMEOUT_MS = 10000,
    SILENCE_MS = 500, /* one more announcement would come after 20 ms */
    MOST_STARVED_MS = 200,
    MOST_LOOKS = 10,
    LEAST_FRAME = 42, /* a RARP message without padding */
    MOST_FRAME = 2048,
    TYPE_OFFSET = 12,
    SENDER_OFFSET = 22, /* the card's address within the message */
    MAC_SIZE = 6,
};

static const char card[] =
    "virtio-net-pci,addr=" FREE_SLOT ",netdev=card,romfile=,mac=52:54:00:6d:69:67";

/* A hub accepts frames only when it has another end, and the guest sends a frame before the wire is
 * there. */
const struct mt_machine announce_machine = {
    .size = sizeof(struct mt_machine),
    .args = MT_LIST("-netdev", "hubport,id=card,hubid=7", "-netdev", "hubport,id=card-end,hubid=7",
                    "-device", card),
};

static const unsigned char mac[MAC_SIZE] = {0x52, 0x54, 0x00, 0x6d, 0x69, 0x67};
static const unsigned char rarp[] = {0x80, 0x35};

static struct sockaddr_un address_of(struct mt_pair *pair, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    int size =
        snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", mt_scratch(pair), name);
    assert_in_range(size, 1, sizeof(address.sun_path) - 1);
    return address;
}

/* Returns the other end of a wire to the hub that the side's card is connected to. */
static int plug_in(struct mt_pair *pair, struct mt_vm *vm, const char *here, const char *there)
{
    struct sockaddr_un ours = address_of(pair, here);
    struct sockaddr_un theirs = address_of(pair, there);
    int wire = mt_own_fd(pair, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

    assert_true(wire >= 0);
    unlink(ours.sun_path);
    assert_int_equal(bind(wire, (const struct sockaddr *)&ours, sizeof(ours)), 0);
    mt_qmp(vm, "netdev_add",
           "{'type': 'dgram', 'id': 'announced', 'local': {'type': 'unix', 'path': %s},"
           " 'remote': {'type': 'unix', 'path': %s}}",
           theirs.sun_path, ours.sun_path);
    mt_qmp(vm, "netdev_add",
           "{'type': 'hubport', 'id': 'announced-port', 'hubid': 7, 'netdev': 'announced'}");
    return wire;
}

/* Whether an announcement came in time. Other frames are ignored. */
static bool receive_announcement(int wire, int timeout_ms)
{
    unsigned char frame[MOST_FRAME];
    struct pollfd waiting = {.fd = wire, .events = POLLIN};

    while (poll(&waiting, 1, timeout_ms) > 0) {
        ssize_t size = recv(wire, frame, sizeof(frame), 0);
        assert_true(size > TYPE_OFFSET);
        if (memcmp(frame + TYPE_OFFSET, rarp, sizeof(rarp)) == 0) {
            assert_true(size >= LEAST_FRAME);
            assert_memory_equal(frame + SENDER_OFFSET, mac, MAC_SIZE);
            return true;
        }
    }
    return false;
}

/* Silence proves nothing where the destination, or the test, had no processor meanwhile. */
static void see_silence(struct mt_pair *pair, int wire)
{
    int64_t starved_ms = SILENCE_MS;

    for (int looks = 0; starved_ms > MOST_STARVED_MS && looks < MOST_LOOKS; looks++) {
        mt_watch_starvation(pair);
        assert_false(receive_announcement(wire, SILENCE_MS));
        starved_ms = mt_starved_ms(pair);
    }
    if (starved_ms > MOST_STARVED_MS) {
        mt_fail_unless_starved(pair, MOST_STARVED_MS,
                               "no quiet half second came in which a further announcement would "
                               "have shown");
    }
}

static void see_announcements(struct mt_pair *pair, int wire)
{
    mt_watch_starvation(pair);
    for (int round = 0; round < ROUNDS; round++) {
        if (!receive_announcement(wire, ANNOUNCE_TIMEOUT_MS)) {
            mt_fail_unless_starved(pair, ANNOUNCE_TIMEOUT_MS / 2,
                                   "%d of %d announcements came within %d ms", round, ROUNDS,
                                   ANNOUNCE_TIMEOUT_MS);
        }
    }
}

static void announce_often(struct mt_vm *vm)
{
    mt_set_parameter(vm, "announce-initial", INTERVAL_MS);
    mt_set_parameter(vm, "announce-max", INTERVAL_MS);
    mt_set_parameter(vm, "announce-step", 1);
    mt_set_parameter(vm, "announce-rounds", ROUNDS);
}

void announce(void **state)
{
    struct mt_pair *pair = *state;
    int source = plug_in(pair, mt_source(pair), "source-net", "source-card");
    int destination = plug_in(pair, mt_destination(pair), "net", "card");

    announce_often(mt_destination(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    see_announcements(pair, destination);
    see_silence(pair, destination);
    assert_false(receive_announcement(source, 0));
}
