/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the journals of all shards of a run are there. */
#ifndef MT_REPORT_SHARDS_H
#define MT_REPORT_SHARDS_H

#include "report/results.h"

/* A sentence that names the shards of which there is no journal; NULL: none is missing. The caller
 * frees the sentence. */
char *mt_shards_missing(const struct mt_results_list *list);

#endif
