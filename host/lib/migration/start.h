/* SPDX-License-Identifier: Apache-2.0 */
/* The destination's readiness, which comes before `migrate` or, for a file, after it. */
#ifndef MT_MIGRATION_START_H
#define MT_MIGRATION_START_H

#include "lib/migration/pair.h"

int mt_migration_listen(struct mt_pair *pair, struct mt_error *error);

#endif
