/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a migration, from `migrate` to the first pass of the guest on the destination. */
#ifndef MT_MIGRATION_STEPS_H
#define MT_MIGRATION_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "lib/pair/run.h"

int mt_migration_start(struct mt_pair *pair, const struct mt_request *request,
                       struct mt_error *error);
int mt_migration_wait_pass(struct mt_pair *pair, unsigned live_passes, struct mt_error *error);
/* Waits for the same, or until the source has stopped for the switchover. `ret_passes` is how many
 * passes there were. */
int mt_migration_watch_passes(struct mt_pair *pair, unsigned live_passes, unsigned *ret_passes,
                              struct mt_error *error);
/* Waits until the source's guest has made `passes` more passes. */
int mt_migration_wait_guest(struct mt_pair *pair, unsigned passes, struct mt_error *error);
/* Waits until the source has sent `bytes` bytes. Looks again after each pass of the guest. */
int mt_migration_wait_sent(struct mt_pair *pair, int64_t bytes, struct mt_error *error);
int mt_migration_wait_value(struct mt_pair *pair, const char *path, int64_t least,
                            int64_t timeout_ms, int64_t *ret_value, struct mt_error *error);
int mt_migration_value(struct mt_pair *pair, const char *path, int64_t *ret_value,
                       struct mt_error *error);
int mt_migration_wait_status(struct mt_pair *pair, enum mt_side_index side, const char *status,
                             struct mt_error *error);
int mt_migration_converge(struct mt_pair *pair, int64_t bandwidth, int64_t downtime_limit,
                          struct mt_error *error);
int mt_migration_continue(struct mt_pair *pair, struct mt_error *error);
int mt_migration_cancel(struct mt_pair *pair, struct mt_error *error);
int mt_migration_lose_destination(struct mt_pair *pair, struct mt_error *error);
/*
 * The longest time without a break in which a thread of either QEMU, or this process, had no
 * processor, of those that ended at `from_us` of mt_now_us() or later. The caller frees `ret_who`,
 * which may be NULL.
 */
int64_t mt_migration_starved_us(struct mt_pair *pair, int64_t from_us, char **ret_who);
int mt_migration_judge_downtime(struct mt_pair *pair, struct mt_error *error);
int mt_migration_finish(struct mt_pair *pair, struct mt_error *error);
int mt_migration_whole(struct mt_pair *pair, const struct mt_request *request,
                       struct mt_error *error);

#endif
