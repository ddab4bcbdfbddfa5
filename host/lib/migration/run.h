/* SPDX-License-Identifier: Apache-2.0 */
/* One migration of a pair, from `migrate` to the destination's first pass. */
#ifndef MT_MIGRATION_RUN_H
#define MT_MIGRATION_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "lib/migration/pair.h"

#include <migtest/migration.h>

struct mt_migration_run {
    struct mt_migration wants;
    int64_t begun_us;   /* by mt_now_us() */
    size_t source_from; /* the first event of each side that belongs to this migration */
    size_t destination_from;
    bool converging;
    bool continued;
    bool began_suspended;
    bool over; /* cancelled, or handed over */
};

/*
 * Whether the guest is suspended, which it may have come to be, or ceased to be, on the source
 * since the migration began.
 */
bool mt_migration_is_suspended(const struct mt_pair *pair);

/* Fails where no migration is under way: none was started, or it is over. */
int mt_migration_need_run(const struct mt_pair *pair, struct mt_error *error);

/* Whether the destination stands still when it has everything, until it is told to go on. */
bool mt_migration_stands_still(const struct mt_pair *pair);

int mt_migration_start(struct mt_pair *pair, const struct mt_migration *wants,
                       struct mt_error *error);
int mt_migration_wait_pass(struct mt_pair *pair, unsigned live_passes, struct mt_error *error);
/* The same, or until the source has stopped for the switchover; `ret_passes` is how many there
 * were. */
int mt_migration_watch_passes(struct mt_pair *pair, unsigned live_passes, unsigned *ret_passes,
                              struct mt_error *error);
/* Waits until the source's guest has made so many more passes. */
int mt_migration_wait_guest(struct mt_pair *pair, unsigned passes, struct mt_error *error);
/* Waits until the source has sent so much, with a pass of its guest between two looks. */
int mt_migration_wait_sent(struct mt_pair *pair, int64_t bytes, struct mt_error *error);
int mt_migration_wait_value(struct mt_pair *pair, const char *path, int64_t least,
                            int64_t timeout_ms, int64_t *ret_value, struct mt_error *error);
int mt_migration_value(struct mt_pair *pair, const char *path, int64_t *ret_value,
                       struct mt_error *error);
int mt_migration_event_time(const struct mt_pair *pair, const char *event, int64_t *ret_us,
                            struct mt_error *error);
/* Whether the source has had that status since the migration began. */
bool mt_migration_has_said(const struct mt_pair *pair, const char *status);
int mt_migration_wait_status(struct mt_pair *pair, struct mt_vm *vm, const char *status,
                             struct mt_error *error);
int mt_migration_converge(struct mt_pair *pair, int64_t bandwidth, int64_t downtime_limit,
                          struct mt_error *error);
int mt_migration_continue(struct mt_pair *pair, struct mt_error *error);
int mt_migration_cancel(struct mt_pair *pair, struct mt_error *error);
int mt_migration_lose_destination(struct mt_pair *pair, struct mt_error *error);
/*
 * The longest that a thread of either QEMU, or this process, had no processor at a stretch that
 * ended at `from_us` of mt_now_us() or later. `ret_who` (may be NULL) is the caller's to free.
 */
int64_t mt_migration_starved_us(struct mt_pair *pair, int64_t from_us, char **ret_who);
int mt_migration_judge_downtime(struct mt_pair *pair, struct mt_error *error);
int mt_migration_finish(struct mt_pair *pair, struct mt_error *error);
int mt_migration_whole(struct mt_pair *pair, const struct mt_migration *wants,
                       struct mt_error *error);

#endif
