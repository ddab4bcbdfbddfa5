/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of the first half of a migration that tests cannot call. */
#ifndef MT_MIGRATION_START_H
#define MT_MIGRATION_START_H

#include "lib/pair/run.h"

/* Lets the destination listen: before `migrate` or, on a sequential transport, after its end. */
int mt_migration_listen(struct mt_pair *pair, struct mt_error *error);

/* Starts a migration as mt_migration_start does, but one during whose passes no test does anything.
 */
int mt_migration_start_fast(struct mt_pair *pair, const struct mt_request *request,
                            struct mt_error *error);

#endif
