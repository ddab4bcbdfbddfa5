/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/serial.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "guest/contract.h"

void mt_serial_init(struct mt_serial *serial, int fd)
{
    *serial = (struct mt_serial){.fd = fd, .empty_us = mt_now_us(), .recording = MT_RECORDING_NONE};
}

void mt_serial_clear(struct mt_serial *serial)
{
    if (serial->fd >= 0) {
        close(mt_take_fd(&serial->fd));
    }
    mt_recording_close(&serial->recording);
}

static void hear(struct mt_serial *serial, unsigned char byte, int64_t read_us)
{
    if (serial->reporting != 0 && !serial->reported) {
        if (byte == '\n' || serial->report_size + 1 == sizeof(serial->report)) {
            serial->reported = true;
        } else {
            serial->report[serial->report_size++] = (char)byte;
        }
        return;
    }
    serial->heard[byte]++;
    if (byte == MT_GUEST_BEAT) {
        mt_beats_add(&serial->beats, (struct mt_moment){serial->empty_us, read_us});
    }
    if (serial->reporting == 0 && (byte == MT_GUEST_WRONG || byte == MT_GUEST_REGISTER_WRONG)) {
        serial->reporting = byte;
    }
}

static void see_taken(struct mt_serial *serial)
{
    int unread;

    if (serial->taken_us == MT_SERIAL_UNDER_WAY &&
        (ioctl(serial->fd, SIOCOUTQ, &unread) < 0 || unread == 0)) {
        serial->taken_us = mt_wall_us();
    }
}

bool mt_serial_receive(struct mt_serial *serial)
{
    unsigned char bytes[4096];
    bool any = false;

    see_taken(serial);
    for (;;) {
        int64_t now_us = mt_now_us();
        ssize_t got = recv(serial->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 && errno == EAGAIN) {
            serial->empty_us = now_us;
            return any;
        }
        if (got <= 0) {
            serial->closed = true;
            return any;
        }
        any = true;
        int64_t read_us = mt_now_us();
        mt_recording_add_bytes(&serial->recording, MT_RECORDED_RECEIVED, bytes, (size_t)got);
        for (ssize_t i = 0; i < got; i++) {
            hear(serial, bytes[i], read_us);
        }
    }
}

int mt_serial_send(struct mt_serial *serial, const char *command, struct mt_error *error)
{
    ssize_t size = (ssize_t)strlen(command);

    mt_recording_add(&serial->recording, MT_RECORDED_SENT, command, (size_t)size);
    serial->taken_us = MT_SERIAL_UNDER_WAY;
    ssize_t sent = send(serial->fd, command, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        return mt_fail_errno(error, "cannot send the command %s to the guest", command);
    }
    return sent == size ? 0 : mt_fail(error, "the guest takes no more of the command %s", command);
}

static int complain_of_memory(const char *report, struct mt_error *error)
{
    unsigned address = 0;
    unsigned expected = 0;
    unsigned found = 0;

    if (sscanf(report, "%8x %8x %8x", &address, &expected, &found) != 3) {
        return mt_fail(error, "the guest found its memory wrong and reported \"%s\"", report);
    }
    return mt_fail(error,
                   "the guest found its memory wrong: at address 0x%08x it expected 0x%08x and "
                   "found 0x%08x",
                   address, expected, found);
}

static int complain_of_register(const char *report, struct mt_error *error)
{
    unsigned expected = 0;
    unsigned found = 0;
    int name = 0;

    if (sscanf(report, "%8x %8x %n", &expected, &found, &name) != 2 || report[name] == '\0') {
        return mt_fail(error, "the guest found a register wrong and reported \"%s\"", report);
    }
    return mt_fail(error, "the guest's register %s was 0x%08x and is 0x%08x", report + name,
                   expected, found);
}

int mt_serial_complaint(const struct mt_serial *serial, struct mt_error *error)
{
    if (!serial->reported) {
        return 0;
    }
    return serial->reporting == MT_GUEST_WRONG ? complain_of_memory(serial->report, error)
                                               : complain_of_register(serial->report, error);
}
