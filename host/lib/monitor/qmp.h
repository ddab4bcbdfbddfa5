/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The QMP connection: commands out, messages in. Receiving never blocks: the caller polls the
 * descriptor and then calls mt_qmp_receive. Sending waits at most 10 s for room in the socket.
 */
#ifndef MT_MONITOR_QMP_H
#define MT_MONITOR_QMP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "lib/monitor/events.h"
#include "protocol/recording.h"

struct mt_qmp {
    int fd;
    bool closed;  /* the peer has closed its end */
    pid_t sender; /* the process that sent the last bytes; 0: unknown, see mt_qmp_note_sender */
    bool greeted; /* `greeting` is there */
    json_t *greeting;
    uint64_t last_id;
    uint64_t question; /* the pending command of mt_qmp_ask_for_recording; 0: none */
    json_t *replies;   /* whole messages that were not taken yet, in order of arrival */
    struct mt_events events;
    char *input;
    size_t size;
    size_t scanned; /* input[0..scanned) has no end of line */
    size_t room;
    struct mt_recording recording;
};

void mt_qmp_init(struct mt_qmp *qmp, int fd);

/* Makes the kernel tell, for all that comes over this socket from now on, which process sent it. */
void mt_qmp_note_sender(int fd);
void mt_qmp_clear(struct mt_qmp *qmp);

/*
 * Sends a command with its arguments (borrowed; NULL: none) and, when pass_fd >= 0, a descriptor.
 * `ret_id` is the id for mt_qmp_take_reply.
 */
int mt_qmp_send(struct mt_qmp *qmp, const char *command, json_t *arguments, int pass_fd,
                uint64_t *ret_id, struct mt_error *error);

/*
 * Sends a command only so that the reply is in the recording; the reply goes nowhere else. Does
 * nothing where nothing is recorded, where such a reply is still pending, or where the command
 * cannot be sent without waiting.
 */
void mt_qmp_ask_for_recording(struct mt_qmp *qmp, const char *command);

/* Reads all that has arrived. A message that is not QMP is an error. */
int mt_qmp_receive(struct mt_qmp *qmp, struct mt_error *error);

/* The whole reply to the command of that id; NULL: it has not come yet. The caller decrefs it. */
json_t *mt_qmp_take_reply(struct mt_qmp *qmp, uint64_t id);

#endif
