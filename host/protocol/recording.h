/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What passes over a channel, written to a file as it passes, a line each with the time: so that it
 * is there whatever becomes of this process. Nothing depends on it: what cannot be written is not.
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
 * How a line begins after its time. What is asked only to be recorded differs, as it is no sign
 * that anything moves.
 */
#define MT_RECORDED_SENT "->"
#define MT_RECORDED_RECEIVED "<-"
#define MT_RECORDED_QUESTION "?>"
#define MT_RECORDED_ANSWER "<?"

void mt_recording_open(struct mt_recording *recording, const char *folder, const char *name);
void mt_recording_close(struct mt_recording *recording);

/* Text without an end of line; or bytes, which are shown as text. */
void mt_recording_add(struct mt_recording *recording, const char *mark, const char *text,
                      size_t size);
void mt_recording_add_bytes(struct mt_recording *recording, const char *mark,
                            const unsigned char *bytes, size_t size);

#endif
