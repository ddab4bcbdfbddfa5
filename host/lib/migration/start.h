/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of a migration's first half that are not a test's to ask for. */
#ifndef MT_MIGRATION_START_H
#define MT_MIGRATION_START_H

#include "lib/migration/pair.h"

/* The destination's readiness, which comes before `migrate` or, for a file, after it. */
int mt_migration_listen(struct mt_pair *pair, struct mt_error *error);

/* Once it has begun: sends as fast as the host can, unless the test said how fast. */
int mt_migration_hurry(struct mt_pair *pair, struct mt_error *error);

#endif
