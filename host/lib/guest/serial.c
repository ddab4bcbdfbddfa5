/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/guest/serial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "guest/contract.h"
#include "lib/guest/complaint.h"

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
    mt_cpuid_clear(&serial->cpuid);
}

uint64_t mt_serial_starts(const struct mt_serial *serial)
{
    return serial->heard[MT_GUEST_STARTED] + serial->heard[MT_GUEST_REBOOTED] +
           serial->heard[MT_GUEST_WOKEN];
}

static bool is_greeting(char kind)
{
    return kind == MT_GUEST_STARTED || kind == MT_GUEST_REBOOTED || kind == MT_GUEST_WOKEN;
}

static void complain(struct mt_serial *serial, char kind, const char *fields)
{
    if (serial->complaint_kind == 0) {
        serial->complaint_kind = kind;
        snprintf(serial->complaint, sizeof(serial->complaint), "%s", fields);
    }
}

/* A guest that was started again does not beat any more. */
static void take_greeting(struct mt_serial *serial, char kind, const char *fields)
{
    if (strcmp(fields, MT_GUEST_VERSION) != 0) {
        complain(serial, kind, fields);
    }
    serial->speech.greeted = true;
    serial->heard[(unsigned char)kind]++;
    mt_beats_forget_last(&serial->beats);
}

static void take_answer(uint64_t *answers, const char *fields)
{
    unsigned tag;

    if (sscanf(fields, "%1x", &tag) == 1) {
        answers[tag]++;
    }
}

/* Before the greeting a line is not believed even with the mark: firmware may have sent it. */
static void serial_take_line(struct mt_serial *serial)
{
    char kind = serial->speech.line[0];
    const char *fields = kind != '\0' ? serial->speech.line + 1 : "";

    fields += fields[0] == ' ';
    if (is_greeting(kind)) {
        take_greeting(serial, kind, fields);
        return;
    }
    if (!serial->speech.greeted) {
        return;
    }
    serial->heard[(unsigned char)kind]++;
    if (kind == MT_GUEST_DONE) {
        take_answer(serial->done, fields);
    } else if (kind == MT_GUEST_UNKNOWN) {
        take_answer(serial->unknown, fields);
    } else if (kind == MT_GUEST_CPUID) {
        mt_cpuid_add_leaf(&serial->cpuid, fields);
    } else if (kind == MT_GUEST_CPUID_DIFFERS) {
        mt_cpuid_add_difference(&serial->cpuid, fields);
    } else if (mt_is_complaint(kind)) {
        complain(serial, kind, fields);
    }
}

static void take_byte(struct mt_serial *serial, char byte, int64_t read_us)
{
    if (!serial->speech.greeted) {
        if (serial->noise_size < sizeof(serial->noise)) {
            serial->noise[serial->noise_size++] = byte;
        }
        return;
    }
    if (byte == MT_GUEST_PASS || byte == MT_GUEST_BEAT) {
        serial->heard[(unsigned char)byte]++;
    }
    if (byte == MT_GUEST_BEAT) {
        mt_beats_add(&serial->beats, (struct mt_moment){serial->empty_us, read_us});
    }
}

/* A line also ends when there is no more room for it. */
static void take_byte_of_line(struct mt_serial *serial, char byte)
{
    struct mt_guest_speech *speech = &serial->speech;

    if (byte != '\n' && speech->line_size < MT_GUEST_LINE_SIZE) {
        speech->line[speech->line_size++] = byte;
    }
    if (byte == '\n' || speech->line_size == MT_GUEST_LINE_SIZE) {
        speech->line[speech->line_size] = '\0';
        speech->line_size = 0;
        speech->matched = 0;
        serial_take_line(serial);
    }
}

static void hear(struct mt_serial *serial, char byte, int64_t read_us)
{
    static const char mark[] = MT_GUEST_MARK;
    struct mt_guest_speech *speech = &serial->speech;

    if (mark[speech->matched] == '\0') {
        take_byte_of_line(serial, byte);
        return;
    }
    if (byte == mark[speech->matched]) {
        speech->matched++;
        return;
    }
    for (size_t i = 0; i < speech->matched; i++) {
        take_byte(serial, mark[i], read_us);
    }
    speech->matched = byte == mark[0];
    if (speech->matched == 0) {
        take_byte(serial, byte, read_us);
    }
}

/*
 * The guest speaks on this line only after it has stopped on the other, so all that it said there
 * can be read by now. A line that it had begun there continues here.
 */
static void take_over(struct mt_serial *serial)
{
    struct mt_serial *before = serial->comes_from;

    serial->comes_from = NULL;
    mt_serial_receive(before);
    serial->speech = before->speech;
    before->speech.matched = 0;
    before->speech.line_size = 0;
    serial->has_come = true;
}

bool mt_serial_receive(struct mt_serial *serial)
{
    unsigned char bytes[4096];
    bool any = false;

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
        if (serial->comes_from != NULL) {
            take_over(serial);
        }
        int64_t read_us = mt_now_us();
        mt_recording_add_bytes(&serial->recording, MT_RECORDED_RECEIVED, bytes, (size_t)got);
        for (ssize_t i = 0; i < got; i++) {
            hear(serial, (char)bytes[i], read_us);
        }
    }
}

int mt_serial_send(struct mt_serial *serial, const char *command, struct mt_error *error)
{
    ssize_t size = (ssize_t)strlen(command);

    mt_recording_add(&serial->recording, MT_RECORDED_SENT, command, (size_t)size);
    ssize_t sent = send(serial->fd, command, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        return mt_fail_errno(error, "cannot send the command %s to the guest", command);
    }
    return sent == size ? 0 : mt_fail(error, "the guest takes no more of the command %s", command);
}

int mt_serial_complaint(const struct mt_serial *serial, struct mt_error *error)
{
    if (serial->complaint_kind == 0) {
        return 0;
    }
    if (is_greeting(serial->complaint_kind)) {
        return mt_fail(error,
                       "the guest speaks version %s of its language, and migtest %s: they "
                       "are not of one installation",
                       serial->complaint, MT_GUEST_VERSION);
    }
    return mt_complain(serial->complaint_kind, serial->complaint, error);
}

/* The length of a terminal's control sequence that begins there; 0: there is none. */
static size_t sequence_size(const char *noise, size_t size)
{
    size_t i = 2;

    if (size < i || noise[0] != '\x1b' || noise[1] != '[') {
        return 0;
    }
    while (i < size && (noise[i] < '@' || noise[i] > '~')) {
        i++;
    }
    return i < size ? i + 1 : size;
}

char *mt_serial_quote_noise(const struct mt_serial *serial)
{
    enum { MOST_QUOTED = 60 };
    char quoted[MOST_QUOTED + 1];
    size_t size = 0;

    for (size_t i = 0; i < serial->noise_size && size < MOST_QUOTED;) {
        size_t sequence = sequence_size(serial->noise + i, serial->noise_size - i);
        char byte = serial->noise[i];
        bool plain = byte > ' ' && byte <= '~' && byte != '"';
        i += sequence > 0 ? sequence : 1;
        if (sequence == 0 && (plain || (size > 0 && quoted[size - 1] != ' '))) {
            quoted[size++] = byte == '"' ? '\'' : plain ? byte : ' ';
        }
    }
    while (size > 0 && quoted[size - 1] == ' ') {
        size--;
    }
    quoted[size] = '\0';
    return mt_text_copy(quoted);
}
