/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every migration, looked at while both sides stand still, and after. */
#ifndef MT_VERIFY_VERIFY_H
#define MT_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/pair/pair.h"

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

/* Both sides stand still: neither runs, and what they hold is the same. */
int mt_verify_still(struct mt_pair *pair, struct mt_error *error);

/* Of guests that have compared: the destination's sees the CPU that it saw on the source, or that
 * this QEMU shows anyway.
 */
int mt_verify_cpuid(struct mt_pair *pair, struct mt_error *error);

/* The migration is over: each event came once and in order, and one side owns the guest. */
int mt_verify_ownership(struct mt_pair *pair, struct mt_error *error);

/* It is over without a new owner, `cancelled` or `failed`: the source said so once, and goes on. */
int mt_verify_called_off(struct mt_pair *pair, const char *status, struct mt_error *error);

/* A completed one: what the source says of it in figures fits what was seen of it. */
int mt_verify_statistics(struct mt_pair *pair, struct mt_error *error);

/* Nothing of a migration that is over, or was called off, is left in the processes. */
int mt_verify_leftovers(struct mt_pair *pair, struct mt_error *error);

#endif
