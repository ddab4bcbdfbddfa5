/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the recordings of a worker (protocol/recording.h). */
#ifndef MT_PROTOCOL_TRANSCRIPT_H
#define MT_PROTOCOL_TRANSCRIPT_H

struct mt_transcript_line {
    double time; /* seconds since 1970 */
    const char *mark;
    const char *text;
};

/* Calls `take` for each line of a recording, its earlier part first. A recording that does not
 * exist has no lines. */
void mt_transcript_read(const char *path, void *data,
                        void (*take)(void *data, const struct mt_transcript_line *line));

#endif
