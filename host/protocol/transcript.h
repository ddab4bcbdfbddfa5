/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings of a worker's (protocol/recording.h), read back. */
#ifndef MT_PROTOCOL_TRANSCRIPT_H
#define MT_PROTOCOL_TRANSCRIPT_H

struct mt_transcript_line {
    double time; /* seconds since 1970 */
    const char *mark;
    const char *text;
};

/* Calls `take` for each line of a recording, from its earlier part on; one that is not there has
 * none. */
void mt_transcript_read(const char *path, void *data,
                        void (*take)(void *data, const struct mt_transcript_line *line));

#endif
