/* SPDX-License-Identifier: Apache-2.0 */
/* The figures that the source shows of a completed migration. */
#ifndef MT_VERIFY_STATISTICS_H
#define MT_VERIFY_STATISTICS_H

#include "base/error.h"
#include "lib/pair/pair.h"

/* Fails where the figures do not fit what the events tell of the migration. */
int mt_statistics_check(struct mt_pair *pair, struct mt_error *error);

#endif
