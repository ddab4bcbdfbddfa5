/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file with everything that passes over a channel: a line for each message, with the time. The
 * lines are written at once, so that the file has them even if this process crashes. No test
 * depends on a recording, so a failed write is ignored.
 */
#ifndef MT_PROTOCOL_RECORDING_H
#define MT_PROTOCOL_RECORDING_H

#include <stddef.h>

struct mt_recording {
    int fd; /* -1: nothing is recorded */
    char *path;
    size_t size;
};

#define MT_RECORDING_NONE ((struct mt_recording){.fd = -1})

/*
 * What stands after the time of a line. Questions that are asked only for the recording have words
 * of their own: their answers are no sign that anything moves.
 */
#define MT_RECORDED_SENT "->"
#define MT_RECORDED_RECEIVED "<-"
#define MT_RECORDED_QUESTION "?>"
#define MT_RECORDED_ANSWER "<?"

void mt_recording_open(struct mt_recording *recording, const char *folder, const char *name);
void mt_recording_close(struct mt_recording *recording);

/* A line with that text, which has no newline; or with bytes, which are shown as text. */
void mt_recording_add(struct mt_recording *recording, const char *mark, const char *text,
                      size_t size);
void mt_recording_add_bytes(struct mt_recording *recording, const char *mark,
                            const unsigned char *bytes, size_t size);

#endif
