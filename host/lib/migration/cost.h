/* SPDX-License-Identifier: Apache-2.0 */
/* What a test cost: the time of its oracles, its worker and its QEMUs. */
#ifndef MT_MIGRATION_COST_H
#define MT_MIGRATION_COST_H

#include "lib/pair/pair.h"

/* Notes the cost in the result. Call this when the QEMUs have ended: only then the kernel counts
 * their time. */
void mt_cost_note(struct mt_pair *pair);

#endif
