/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/monitor/qmp.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/monitor/json_parse.h"

/* The largest known reply, to query-qmp-schema, has about 300 KiB. */
static const size_t input_limit = 16 * 1024 * 1024;

/* How long QEMU may leave a command unread before sending fails. */
static const int send_limit_ms = 10000;

void mt_qmp_init(struct mt_qmp *qmp, int fd)
{
    *qmp = (struct mt_qmp){.fd = fd, .replies = json_array(), .recording = MT_RECORDING_NONE};
}

void mt_qmp_clear(struct mt_qmp *qmp)
{
    if (qmp->fd >= 0) {
        close(mt_take_fd(&qmp->fd));
    }
    json_decref(qmp->greeting);
    json_decref(qmp->replies);
    mt_events_clear(&qmp->events);
    free(qmp->input);
    mt_recording_close(&qmp->recording);
    *qmp = (struct mt_qmp){.fd = -1, .recording = MT_RECORDING_NONE};
}

static void attach_fd(struct msghdr *message, char *control, size_t size, int fd)
{
    message->msg_control = control;
    message->msg_controllen = size;
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof(int));
}

static int wait_writable(const struct mt_qmp *qmp)
{
    struct pollfd wait = {.fd = qmp->fd, .events = POLLOUT};
    int got;

    do {
        got = poll(&wait, 1, send_limit_ms);
    } while (got < 0 && errno == EINTR);
    if (got == 0) {
        errno = ETIMEDOUT;
    }
    return got > 0 ? 0 : -1;
}

static int send_text(struct mt_qmp *qmp, const char *text, size_t size, int pass_fd)
{
    char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0};

    while (size > 0) {
        struct iovec part = {.iov_base = (void *)(uintptr_t)text, .iov_len = size};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        if (pass_fd >= 0) {
            attach_fd(&message, control, sizeof(control), pass_fd);
        }
        ssize_t sent = sendmsg(qmp->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN && wait_writable(qmp) == 0) {
            continue;
        }
        if (sent < 0 && errno != EINTR) {
            return -1;
        }
        if (sent > 0) {
            text += sent;
            size -= (size_t)sent;
            pass_fd = -1;
        }
    }
    return 0;
}

int mt_qmp_send(struct mt_qmp *qmp, const char *command, json_t *arguments, int pass_fd,
                uint64_t *ret_id, struct mt_error *error)
{
    uint64_t id = ++qmp->last_id;
    json_t *message = json_pack("{s:s, s:I, s:O*}", "execute", command, "id", (json_int_t)id,
                                "arguments", arguments);

    if (message == NULL) {
        return mt_fail(error, "cannot put the command %s into JSON", command);
    }
    MT_AUTO_FREE char *dumped = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    MT_AUTO_FREE char *text = mt_text("%s\n", dumped);
    mt_recording_add(&qmp->recording, MT_RECORDED_SENT, dumped, strlen(dumped));
    if (send_text(qmp, text, strlen(text), pass_fd) < 0) {
        return mt_fail_errno(error, "cannot send %s", command);
    }
    *ret_id = id;
    return 0;
}

void mt_qmp_ask_for_recording(struct mt_qmp *qmp, const char *command)
{
    uint64_t id = qmp->last_id + 1;
    MT_AUTO_FREE char *text =
        mt_text("{\"execute\": \"%s\", \"id\": %llu}\n", command, (unsigned long long)id);
    size_t size = strlen(text);

    if (qmp->recording.fd < 0 || qmp->closed || qmp->question != 0) {
        return;
    }
    /* The text is shorter than a page. So the socket takes all of it or nothing. */
    if (send(qmp->fd, text, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size) {
        qmp->question = qmp->last_id = id;
        mt_recording_add(&qmp->recording, MT_RECORDED_QUESTION, text, size - 1);
    }
}

static bool is_for_recording(const struct mt_qmp *qmp, const json_t *message)
{
    const json_t *id = json_object_get(message, "id");

    return qmp->question != 0 && json_integer_value(id) == (json_int_t)qmp->question;
}

static int file_message(struct mt_qmp *qmp, json_t *message, struct mt_error *error)
{
    if (json_object_get(message, "event") != NULL) {
        mt_events_add(&qmp->events, message);
        return 0;
    }
    if (json_object_get(message, "QMP") != NULL) {
        json_decref(qmp->greeting);
        qmp->greeting = message;
        qmp->greeted = true;
        return 0;
    }
    if (json_object_get(message, "return") != NULL || json_object_get(message, "error") != NULL) {
        json_array_append_new(qmp->replies, message);
        return 0;
    }
    json_decref(message);
    return mt_fail(error, "its monitor sent a message that is neither a reply nor an event");
}

static int qmp_parse_line(struct mt_qmp *qmp, const char *line, size_t size, struct mt_error *error)
{
    json_error_t fault;
    json_t *message = mt_json_parse(line, size, &fault);
    bool answer = is_for_recording(qmp, message);

    mt_recording_add(&qmp->recording, answer ? MT_RECORDED_ANSWER : MT_RECORDED_RECEIVED, line,
                     size - (line[size - 1] == '\r'));
    if (answer) {
        qmp->question = 0;
        json_decref(message);
        return 0;
    }
    if (message == NULL) {
        return mt_fail(error, "its monitor sent what is not JSON: %.*s (%s)",
                       (int)(size < 80 ? size : 80), line, fault.text);
    }
    return file_message(qmp, message, error);
}

static int parse_input(struct mt_qmp *qmp, struct mt_error *error)
{
    char *start = qmp->input;
    char *end = qmp->input + qmp->size;
    char *scan = qmp->input + qmp->scanned;
    char *newline;
    int result = 0;

    while (result == 0 && scan < end &&
           (newline = memchr(scan, '\n', (size_t)(end - scan))) != NULL) {
        size_t size = (size_t)(newline - start);
        if (size > 1) {
            result = qmp_parse_line(qmp, start, size, error);
        }
        start = scan = newline + 1;
    }
    qmp->size = (size_t)(end - start);
    qmp->scanned = result == 0 ? qmp->size : 0;
    memmove(qmp->input, start, qmp->size);
    if (result == 0 && qmp->size > input_limit) {
        return mt_fail(error, "its monitor sent a line of more than %zu bytes", input_limit);
    }
    return result;
}

void mt_qmp_note_sender(int fd)
{
    const int on = 1;

    /* Where this fails, the sender is unknown. Then one fault is not recognized; see greeting.c. */
    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
}

static ssize_t receive_part(struct mt_qmp *qmp)
{
    char control[CMSG_SPACE(sizeof(struct ucred))] __attribute__((aligned(8)));
    struct iovec part = {.iov_base = qmp->input + qmp->size, .iov_len = qmp->room - qmp->size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof(control)};
    ssize_t got = recvmsg(qmp->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;

    if (header != NULL && header->cmsg_level == SOL_SOCKET &&
        header->cmsg_type == SCM_CREDENTIALS) {
        struct ucred sender;
        memcpy(&sender, CMSG_DATA(header), sizeof(sender));
        qmp->sender = sender.pid;
    }
    return got;
}

int mt_qmp_receive(struct mt_qmp *qmp, struct mt_error *error)
{
    const size_t least = 64 * 1024;

    for (;;) {
        if (qmp->room - qmp->size < least) {
            qmp->room = qmp->room * 2 + least;
            qmp->input = mt_realloc(qmp->input, qmp->room, 1);
        }
        ssize_t got = receive_part(qmp);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 && errno == EAGAIN) {
            return 0;
        }
        if (got <= 0) {
            qmp->closed = true;
            return 0;
        }
        qmp->size += (size_t)got;
        if (parse_input(qmp, error) < 0) {
            return -1;
        }
    }
}

json_t *mt_qmp_take_reply(struct mt_qmp *qmp, uint64_t id)
{
    size_t index;
    json_t *message;

    json_array_foreach (qmp->replies, index, message) {
        json_t *reply_id = json_object_get(message, "id");
        /*
         * QEMU's reply to a command that it could not parse has no id. It belongs to the oldest
         * command.
         */
        if (reply_id == NULL || json_integer_value(reply_id) == (json_int_t)id) {
            json_incref(message);
            json_array_remove(qmp->replies, index);
            return message;
        }
    }
    return NULL;
}
