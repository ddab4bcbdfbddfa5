/* SPDX-License-Identifier: Apache-2.0 */
/* A suspended guest arrives suspended: it says nothing until it is woken, and then goes on. */
#include "plugins/precopy/precopy.h"

static void migrate_suspended(struct mt_pair *pair, bool live)
{
    mt_suspend_guest(mt_source(pair));
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = live));
    assert_int_equal(mt_guest_passes(mt_destination(pair)), 0);
    mt_wake_guest(mt_destination(pair));
    mt_check_guest(mt_destination(pair));
}

void suspend_live(void **state)
{
    migrate_suspended(*state, true);
}

void suspend_notlive(void **state)
{
    migrate_suspended(*state, false);
}
