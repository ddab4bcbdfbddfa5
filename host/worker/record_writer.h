/* SPDX-License-Identifier: Apache-2.0 */
/* The worker's end of the channel for records. */
#ifndef MT_WORKER_RECORD_WRITER_H
#define MT_WORKER_RECORD_WRITER_H

#include "base/error.h"
#include "protocol/record.h"

struct mt_record_writer {
    int fd;
    const char *token; /* of the job; each record gets it */
};

/* No error when the host has died: the keeper notices that by itself. */
void mt_record_write(const struct mt_record_writer *writer, const struct mt_record *record);

/* The kinds of record that have no members; and those that have a message only. */
void mt_record_write_bare(const struct mt_record_writer *writer, enum mt_record_kind kind);
void mt_record_write_message(const struct mt_record_writer *writer, enum mt_record_kind kind,
                             const char *text);

#endif
