/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One more QEMU of each side, with the same machine, into which nothing was migrated. What these
 * two show differently, no migration has changed; and they may be used up to explain a difference.
 */
#ifndef MT_VERIFY_FRESH_QEMUS_H
#define MT_VERIFY_FRESH_QEMUS_H

#include "base/error.h"
#include "lib/pair/pair.h"

struct mt_fresh_qemus {
    struct mt_vm *source; /* like the pair's source; both NULL: not started */
    struct mt_vm *destination;
};

/* Starts both at once, unless they run already. They are paused, and wait for a migration. */
int mt_fresh_qemus_start(struct mt_pair *pair, struct mt_fresh_qemus *control,
                         struct mt_error *error);
void mt_fresh_qemus_end(struct mt_fresh_qemus *control);

#endif
