/* SPDX-License-Identifier: Apache-2.0 */
/* The two channels between the host and a worker. Each carries lines of JSON. */
#ifndef MT_PROTOCOL_CHANNEL_H
#define MT_PROTOCOL_CHANNEL_H

/* The descriptors that a worker inherits. */
enum {
    MT_JOB_FD = 3,    /* the host writes the job */
    MT_RECORD_FD = 4, /* the worker writes its records */
};

/*
 * No line is longer than this, so that a faulty writer cannot make the reader use endless memory.
 * The longest line known is what a QEMU can do: about 60 KiB.
 */
enum { MT_CHANNEL_LINE_LIMIT = 1024 * 1024 };

#endif
