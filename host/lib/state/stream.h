/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A migration stream between a QEMU and the memory of this process, through a pair of sockets. A
 * file would not do: from 11.1 on, QEMU refuses a plain file as fd:NAME.
 */
#ifndef MT_STATE_STREAM_H
#define MT_STATE_STREAM_H

#include <stddef.h>

#include "base/error.h"

struct mt_stream;

/*
 * Begins to write these bytes. The caller keeps the bytes until mt_stream_end. `ret_fd` is the end
 * that QEMU reads; the caller closes it.
 */
int mt_stream_feed(const void *bytes, size_t size, struct mt_stream **ret_stream, int *ret_fd,
                   struct mt_error *error);

/* Begins to collect what QEMU writes into `ret_fd`, up to `most` bytes. The caller closes `ret_fd`.
 */
int mt_stream_collect(size_t most, struct mt_stream **ret_stream, int *ret_fd,
                      struct mt_error *error);

/* Returns everything that was collected. Call this when QEMU has completed its migration. The
 * caller frees the bytes. */
int mt_stream_take(struct mt_stream *stream, char **ret_bytes, size_t *ret_size,
                   struct mt_error *error);

/* Stops the transfer and frees the stream, which may be NULL. */
void mt_stream_end(struct mt_stream *stream);

#endif
