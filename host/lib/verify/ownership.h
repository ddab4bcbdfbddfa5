/* SPDX-License-Identifier: Apache-2.0 */
/* Exactly one side owns the guest, and the events say so once and in order. */
#ifndef MT_VERIFY_OWNERSHIP_H
#define MT_VERIFY_OWNERSHIP_H

#include "base/error.h"
#include "lib/pair/pair.h"

/* Of a completed migration: both sides went through what its mode has, and the destination owns
 * the guest. */
int mt_ownership_check(struct mt_pair *pair, struct mt_error *error);

/* Of a migration that ended as `status`, "cancelled" or "failed": the source said so once, and goes
 * on as the owner. */
int mt_ownership_check_kept(struct mt_pair *pair, const char *status, struct mt_error *error);

#endif
