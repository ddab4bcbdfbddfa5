/* SPDX-License-Identifier: Apache-2.0 */
/* What a test cost: its oracles, its worker, its QEMUs. */
#ifndef MT_PAIR_COST_H
#define MT_PAIR_COST_H

#include "lib/pair/pair.h"

/* Writes it into the result, once the QEMUs have ended. */
void mt_cost_note(const struct mt_pair *pair);

#endif
