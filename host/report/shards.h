/* SPDX-License-Identifier: Apache-2.0 */
/* Whether several runs that are told as one are all there. */
#ifndef MT_REPORT_SHARDS_H
#define MT_REPORT_SHARDS_H

#include "report/results.h"

/* Which shards none of the journals is of, in words; NULL: all are there. The caller frees it. */
char *mt_shards_missing(const struct mt_results_list *list);

/* A run that did not end, of whose tests some had no result, and others have told each of these. */
bool mt_results_are_made_up_for(const struct mt_results *results);

#endif
