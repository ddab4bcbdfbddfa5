/* SPDX-License-Identifier: Apache-2.0 */
/* A destination that runs by itself, and how long the guest was silent meanwhile. */
#include "plugins/precopy/precopy.h"

void self_start(void **state)
{
    struct mt_pair *pair = *state;

    mt_beat_guest(mt_source(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true, .self_start = true));
    mt_migrate_judge_downtime(pair);
}
