/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every migration, looked at while both sides stand still, and after. */
#ifndef MT_VERIFY_VERIFY_H
#define MT_VERIFY_VERIFY_H

#include "base/error.h"
#include "lib/migration/pair.h"

/* Both sides stand still: neither runs, and what they hold is the same. */
int mt_verify_still(struct mt_pair *pair, struct mt_error *error);

/* The migration is over: each event came once and in order, and one side owns the guest. */
int mt_verify_ownership(struct mt_pair *pair, struct mt_error *error);

#endif
