/* SPDX-License-Identifier: Apache-2.0 */
/* The worker's end of the protocol: one JSON object a line, each with the attempt's token. */
#ifndef MT_WORKER_RECORDS_H
#define MT_WORKER_RECORDS_H

#include <jansson.h>

#include "base/error.h"

struct mt_records {
    int fd;
    const char *token;
};

/* Writes a record of that kind; `members` (may be NULL) is taken over. A host that is gone is no
 * fault. */
void mt_record(const struct mt_records *records, const char *kind, json_t *members);

/* Text from outside as a member: what is not UTF-8 must not cost the whole record. */
json_t *mt_record_text(const char *text);

void mt_record_error(const struct mt_records *records, const struct mt_error *error);

#endif
