/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a migration's first half that are not a test's to ask for. */
#ifndef MT_MIGRATION_START_H
#define MT_MIGRATION_START_H

#include "lib/pair/run.h"

/* The destination's readiness, which comes before `migrate` or, for a file, after it. */
int mt_migration_listen(struct mt_pair *pair, struct mt_error *error);

/* As mt_migration_start, for a migration that goes through its passes without a test's doing. */
int mt_migration_start_fast(struct mt_pair *pair, const struct mt_request *request,
                            struct mt_error *error);

#endif
