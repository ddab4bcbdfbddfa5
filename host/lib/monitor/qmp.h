/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire format of QMP: commands out, messages in. It never blocks and never waits: whoever has
 * polled the descriptor calls mt_qmp_receive.
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
    bool closed; /* the peer has closed its end */
    pid_t
        sender; /* of what came last, where the socket notes it; 0: nothing came, or it does not */
    bool greeted; /* its greeting has come, and stands in `greeting` */
    json_t *greeting;
    uint64_t last_id;
    uint64_t question; /* whose reply only the recording wants; 0: there is none under way */
    json_t *replies;   /* whole messages, in order of arrival */
    struct mt_events events;
    char *input;
    size_t size;
    size_t scanned; /* input[0..scanned) holds no end of line */
    size_t room;
    struct mt_recording recording;
};

void mt_qmp_init(struct mt_qmp *qmp, int fd);

/* From now on the kernel tells of all that comes over the socket which process has written it. */
void mt_qmp_note_sender(int fd);
void mt_qmp_clear(struct mt_qmp *qmp);

/*
 * Sends a command with its arguments (borrowed; NULL: none) and, when pass_fd >= 0, a descriptor.
 * `ret_id` is what mt_qmp_take_reply wants.
 */
int mt_qmp_send(struct mt_qmp *qmp, const char *command, json_t *arguments, int pass_fd,
                uint64_t *ret_id, struct mt_error *error);

/*
 * Asks for nothing but the recording's sake, and where that cannot be done at once does not: the
 * reply goes nowhere else.
 */
void mt_qmp_ask_for_recording(struct mt_qmp *qmp, const char *command);

/* Reads what is there. A message that is no QMP is an error. */
int mt_qmp_receive(struct mt_qmp *qmp, struct mt_error *error);

/* The whole reply to that command, now the caller's; NULL: it has not come yet. */
json_t *mt_qmp_take_reply(struct mt_qmp *qmp, uint64_t id);

#endif
