/* SPDX-License-Identifier: Apache-2.0 */
/* Dumps of both sides that were taken at one moment, as far as their clocks can tell. */
#ifndef MT_VERIFY_STATE_SNAPSHOT_H
#define MT_VERIFY_STATE_SNAPSHOT_H

#include "base/error.h"
#include "lib/pair/pair.h"
#include "lib/state/sections.h"

struct mt_state_snapshot {
    struct mt_sections source;
    struct mt_sections destination;
};

/* -1: a side changed while it stood still; MT_CANNOT_LOOK: there is no dump to be had. */
int mt_state_snapshot_take(struct mt_pair *pair, struct mt_state_snapshot *ret_snapshot,
                           struct mt_error *error);
void mt_state_snapshot_clear(struct mt_state_snapshot *snapshot);

#endif
