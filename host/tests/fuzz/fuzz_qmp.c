/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes that a QEMU, or another program in its place, may send over the monitor. They come in
 * two pieces. The first byte says where the cut is.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lib/monitor/qmp.h"
#include "tests/fuzz/input.h"

/* A write of more than the socket holds would block, because nobody else reads. */
enum { LARGEST = 64 * 1024 };

static int hear(struct mt_qmp *qmp, int peer, const uint8_t *bytes, size_t size,
                struct mt_error *error)
{
    if (write(peer, bytes, size) != (ssize_t)size) {
        abort();
    }
    return mt_qmp_receive(qmp, error);
}

static void use(struct mt_qmp *qmp)
{
    for (uint64_t id = 1; id < 4; id++) {
        json_decref(mt_qmp_take_reply(qmp, id));
    }
    const struct mt_event_entry *entry = mt_events_find(&qmp->events, "MIGRATION", 0, NULL);
    if (entry != NULL) {
        mt_event_string(entry, "status");
    }
    mt_events_take(&qmp->events, "STOP");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_qmp qmp;
    int ends[2];

    if (size < 2 || size > LARGEST) {
        return 0;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        abort();
    }
    mt_qmp_init(&qmp, ends[0]);
    size_t cut = 1 + (size_t)bytes[0] * (size - 1) / 256;
    if (hear(&qmp, ends[1], bytes + 1, cut - 1, &error) == 0 &&
        hear(&qmp, ends[1], bytes + cut, size - cut, &error) == 0) {
        use(&qmp);
    }
    mt_qmp_clear(&qmp);
    close(ends[1]);
    return 0;
}
