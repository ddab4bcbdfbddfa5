/* SPDX-License-Identifier: Apache-2.0 */
/* What the latest migration of a pair is, and what both sides have said of it so far. */
#ifndef MT_PAIR_RUN_H
#define MT_PAIR_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/pair/mode.h"
#include "lib/pair/pair.h"

#include <migtest/migration.h>

/* A migration as the test asks for it: what struct mt_migration and the structs that it points to
 * say, in one piece. */
struct mt_request {
    enum mt_transport transport;
    const char *fd_name;
    unsigned channels;      /* of multifd; 0: without multifd */
    int64_t bandwidth;      /* bytes/s; 0: automatic */
    int64_t downtime_limit; /* ms; 0: automatic */
    bool live;
    bool pause;
    bool self_start;
    bool as_channels;
    bool relay;
};

struct mt_migration_run {
    struct mt_request request;
    const struct mt_mode *mode;
    int64_t begun_us;      /* by mt_now_us() */
    size_t from[MT_SIDES]; /* the first event of each side that belongs to this migration */
    bool converging;       /* the source may stop for the switchover */
    bool continued;        /* the source was told to go on from pre-switchover */
    bool began_suspended;
    bool over; /* handed over, cancelled or failed */
};

/*
 * Whether a guest is suspended after the events from that index on. `suspended` is whether it was
 * before them.
 */
bool mt_migration_suspended_after(const struct mt_events *events, size_t from, bool suspended);

/* Whether the guest is suspended by now. It may suspend itself, or be woken, on the source while it
 * is migrated. */
bool mt_migration_is_suspended(const struct mt_pair *pair);

/* Fails where no migration is under way: none was started, or the latest is over. */
int mt_migration_need_run(const struct mt_pair *pair, struct mt_error *error);

/* When the source sent that event, by QEMU's clock. Fails where the source has not sent it. */
int mt_migration_event_time(const struct mt_pair *pair, const char *event, int64_t *ret_us,
                            struct mt_error *error);

/* Whether the source has had that status since the migration began. */
bool mt_migration_has_said(const struct mt_pair *pair, const char *status);

#endif
