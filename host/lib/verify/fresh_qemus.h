/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One more QEMU of each side's version, with the same machine. Nothing was migrated into them, so a
 * difference between these two is not the migration's. An oracle may do with them what would
 * destroy the pair.
 */
#ifndef MT_VERIFY_FRESH_QEMUS_H
#define MT_VERIFY_FRESH_QEMUS_H

#include "base/error.h"
#include "lib/pair/pair.h"

struct mt_fresh_qemus {
    struct mt_vm *source; /* of the version of the pair's source; both NULL: not started */
    struct mt_vm *destination;
};

/* Starts both, unless they run already. They are paused and wait for a migration. */
int mt_fresh_qemus_start(struct mt_pair *pair, struct mt_fresh_qemus *fresh,
                         struct mt_error *error);
void mt_fresh_qemus_end(struct mt_fresh_qemus *fresh);

#endif
