/* SPDX-License-Identifier: Apache-2.0 */
/* Dumps of the device state of both sides, without a tick of their clocks between the two. */
#ifndef MT_VERIFY_STATE_SNAPSHOT_H
#define MT_VERIFY_STATE_SNAPSHOT_H

#include "base/error.h"
#include "lib/pair/pair.h"
#include "lib/state/sections.h"

struct mt_state_snapshot {
    struct mt_sections source;
    struct mt_sections destination;
};

/* Returns -1 if a side changed while it stood still, and MT_CANNOT_LOOK if no dumps could be made.
 */
int mt_state_snapshot_take(struct mt_pair *pair, struct mt_state_snapshot *ret_snapshot,
                           struct mt_error *error);
void mt_state_snapshot_clear(struct mt_state_snapshot *snapshot);

#endif
