/* SPDX-License-Identifier: Apache-2.0 */
/* One side of a pair without a QEMU: the test speaks as its guest, over a real serial line. */
#ifndef MT_TESTS_LIB_SIDE_H
#define MT_TESTS_LIB_SIDE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/vm/vm.h"

#define GREETING MT_GUEST_MARK "A " MT_GUEST_VERSION "\n"

struct side {
    struct mt_vm vm;
    int guest; /* its end of the serial line */
};

static inline void enter(struct side *side, const char *name)
{
    int ends[2];

    *side = (struct side){
        .vm = {.side = name, .monitor = {.qmp = {.fd = -1}}, .process = {.pid = -1, .pidfd = -1}},
    };
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    mt_serial_init(&side->vm.guest.serial, ends[0]);
    side->guest = ends[1];
}

static inline void leave(struct side *side)
{
    mt_events_clear(&side->vm.monitor.qmp.events);
    mt_serial_clear(&side->vm.guest.serial);
    close(side->guest);
}

#endif
