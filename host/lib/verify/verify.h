/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every migration, looked at while both sides stand still, and after. */
#ifndef MT_VERIFY_VERIFY_H
#define MT_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/pair/mode.h"

/*
 * What an oracle returns beside 0 (nothing is wrong) and -1 (something is): it could not look. A
 * test fails of that, too, unless the manifest has the oracle in `blind`.
 */
enum { MT_CANNOT_LOOK = -2 };

/*
 * Whether both QEMUs stand a question, as they were seen to in a trial. Where one does not, it is
 * not asked, and the result says why.
 */
bool mt_verify_may_ask(const struct mt_pair *pair, const char *command);

/* The time that the pair's oracles have taken so far. */
int64_t mt_verify_time_us(struct mt_pair *pair);

/* Consults these oracles, one after the other; `oracles` is a sum of enum mt_oracle. */
int mt_verify(struct mt_pair *pair, unsigned oracles, struct mt_error *error);

/* Makes sure that both sides stand still, and consults the oracles that the migration's mode has
 * for that. */
int mt_verify_still(struct mt_pair *pair, struct mt_error *error);

#endif
