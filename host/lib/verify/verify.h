/* SPDX-License-Identifier: Apache-2.0 */
/* The oracles: what must be true of every migration while both sides stand still, and after it. */
#ifndef MT_VERIFY_VERIFY_H
#define MT_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/pair/mode.h"

/*
 * The third result of an oracle, besides 0 (nothing is wrong) and -1 (something is wrong): the
 * oracle could not look. A test fails because of that, too, unless the manifest names the oracle in
 * `blind`.
 */
enum { MT_CANNOT_LOOK = -2 };

/*
 * Whether both QEMUs survive this command, as a trial has shown. Where one of them does not, the
 * command is not used, and the result says why.
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
