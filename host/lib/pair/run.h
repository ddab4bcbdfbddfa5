/* SPDX-License-Identifier: Apache-2.0 */
/* What the latest migration of a pair is, and what both sides have said of it so far. */
#ifndef MT_PAIR_RUN_H
#define MT_PAIR_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/pair/pair.h"

#include <migtest/migration.h>

struct mt_migration_run {
    struct mt_migration wants;
    int64_t begun_us;      /* by mt_now_us() */
    size_t from[MT_SIDES]; /* the first event of each side that belongs to this migration */
    bool converging;
    bool continued;
    bool began_suspended;
    bool over; /* cancelled, or handed over */
};

/* Whether a guest is suspended after these events, from that one on. `suspended`: as it was before.
 */
bool mt_migration_suspended_after(const struct mt_events *events, size_t from, bool suspended);

/*
 * Whether the guest is suspended, which it may have come to be, or ceased to be, on the source
 * since the migration began.
 */
bool mt_migration_is_suspended(const struct mt_pair *pair);

/* Fails where no migration is under way: none was started, or it is over. */
int mt_migration_need_run(const struct mt_pair *pair, struct mt_error *error);

/* Whether the destination stands still when it has everything, until it is told to go on. */
bool mt_migration_stands_still(const struct mt_pair *pair);

/* When the source sent that event, by QEMU's clock. Fails where it has not. */
int mt_migration_event_time(const struct mt_pair *pair, const char *event, int64_t *ret_us,
                            struct mt_error *error);

/* Whether the source has had that status since the migration began. */
bool mt_migration_has_said(const struct mt_pair *pair, const char *status);

#endif
