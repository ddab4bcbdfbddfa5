/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A migration stream between a QEMU and this process's memory, through a pair of sockets. No file
 * can stand in for these: from 11.1 on QEMU refuses a plain file as fd:NAME.
 */
#ifndef MT_STATE_STREAM_H
#define MT_STATE_STREAM_H

#include <stddef.h>

#include "base/error.h"

struct mt_stream;

/*
 * Begins to write these bytes, which the caller keeps until mt_stream_end. `ret_fd` is the end that
 * QEMU reads, the caller's to close.
 */
int mt_stream_feed(const void *bytes, size_t size, struct mt_stream **ret_stream, int *ret_fd,
                   struct mt_error *error);

/* Begins to collect what QEMU writes into `ret_fd`, up to `most` bytes. */
int mt_stream_collect(size_t most, struct mt_stream **ret_stream, int *ret_fd,
                      struct mt_error *error);

/* Hands over all that was collected, once QEMU has said that it is done; the caller frees it. */
int mt_stream_take(struct mt_stream *stream, char **ret_bytes, size_t *ret_size,
                   struct mt_error *error);

/* Stops whatever is under way. NULL is fine. */
void mt_stream_end(struct mt_stream *stream);

#endif
