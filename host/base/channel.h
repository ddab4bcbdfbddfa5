/* SPDX-License-Identifier: Apache-2.0 */
/* What host and worker promise each other of the two channels between them: lines of JSON. */
#ifndef MT_BASE_CHANNEL_H
#define MT_BASE_CHANNEL_H

/*
 * A line is not longer than this, so that a stray writer cannot make the reader take endless
 * memory. The longest known, what a QEMU can do, has about 60 KiB.
 */
enum { MT_CHANNEL_LINE_LIMIT = 1024 * 1024 };

#endif
