/* SPDX-License-Identifier: Apache-2.0 */
/* The oracles: checks that are part of every migration. They look while both sides stand still, and
 * after the migration. */
#ifndef MT_VERIFY_VERIFY_H
#define MT_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/pair/mode.h"

/*
 * An oracle returns 0 if nothing is wrong, -1 if something is wrong, and MT_CANNOT_LOOK if it could
 * not look. Then the test fails as well, unless the manifest names the oracle under `blind`: that
 * is decided here, not in the oracle.
 */
enum { MT_CANNOT_LOOK = -2 };

/*
 * Whether an oracle may send this command: false if a QEMU has failed over it in a trial before the
 * test. Then the result says why there is no answer to compare.
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
