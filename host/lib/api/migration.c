/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions of include/migtest/migration.h: each calls its namesake inside the library.
 */
#include "lib/api/fail.h"
#include "lib/api/known.h"
#include "lib/migration/steps.h"

#include <migtest/migration.h>

static int take_known(const struct mt_migration *theirs, struct mt_migration *ret_known,
                      struct mt_error *error)
{
    return mt_take_known("mt_migration", theirs, ret_known, MT_LAYOUT(struct mt_migration), error);
}

void mt_migrate_at(const char *file, int line, struct mt_pair *pair,
                   const struct mt_migration *migration)
{
    struct mt_migration known;

    CHECK(take_known(migration, &known, &error));
    CHECK(mt_migration_whole(pair, &known, &error));
}

void mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                         const struct mt_migration *migration)
{
    struct mt_migration known;

    CHECK(take_known(migration, &known, &error));
    CHECK(mt_migration_start(pair, &known, &error));
}

static int need_run(const struct mt_pair *pair, struct mt_error *error)
{
    return pair->run != NULL ? 0 : mt_fail(error, "no migration was started");
}

void mt_migrate_wait_pass_at(const char *file, int line, struct mt_pair *pair, unsigned live_passes)
{
    CHECK(mt_migration_need_run(pair, &error));
    CHECK(mt_migration_wait_pass(pair, live_passes, &error));
}

unsigned mt_migrate_watch_passes_at(const char *file, int line, struct mt_pair *pair,
                                    unsigned live_passes)
{
    unsigned passes = 0;

    CHECK(mt_migration_need_run(pair, &error));
    CHECK(mt_migration_watch_passes(pair, live_passes, &passes, &error));
    return passes;
}

int64_t mt_migrate_wait_value_at(const char *file, int line, struct mt_pair *pair, const char *path,
                                 int64_t least, int64_t timeout_ms)
{
    int64_t value = 0;

    CHECK(need_run(pair, &error));
    CHECK(mt_migration_wait_value(pair, path, least, timeout_ms, &value, &error));
    return value;
}

int64_t mt_migrate_value_at(const char *file, int line, struct mt_pair *pair, const char *path)
{
    int64_t value = 0;

    CHECK(need_run(pair, &error));
    CHECK(mt_migration_value(pair, path, &value, &error));
    return value;
}

int64_t mt_migrate_event_time_at(const char *file, int line, struct mt_pair *pair,
                                 const char *event)
{
    int64_t us = 0;

    CHECK(need_run(pair, &error));
    CHECK(mt_migration_event_time(pair, event, &us, &error));
    return us;
}

static const char *status_name(enum mt_status status)
{
    switch (status) {
    case MT_STATUS_SETUP:
        return "setup";
    case MT_STATUS_ACTIVE:
        return "active";
    case MT_STATUS_PRE_SWITCHOVER:
        return "pre-switchover";
    case MT_STATUS_COMPLETED:
        return "completed";
    case MT_STATUS_FAILED:
        return "failed";
    case MT_STATUS_CANCELLED:
        return "cancelled";
    }
    return "(unknown)";
}

void mt_migrate_wait_status_at(const char *file, int line, struct mt_pair *pair,
                               enum mt_status status)
{
    CHECK(need_run(pair, &error));
    CHECK(mt_migration_wait_status(pair, pair->sides[MT_SOURCE].vm, status_name(status), &error));
}

void mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair, int64_t bandwidth,
                            int64_t downtime_limit)
{
    CHECK(mt_migration_need_run(pair, &error));
    CHECK(mt_migration_converge(pair, bandwidth, downtime_limit, &error));
}

void mt_migrate_continue_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_migration_need_run(pair, &error));
    CHECK(mt_migration_continue(pair, &error));
}

void mt_migrate_cancel_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_migration_cancel(pair, &error));
}

void mt_migrate_lose_destination_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_migration_lose_destination(pair, &error));
}

void mt_migrate_judge_downtime_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(need_run(pair, &error));
    CHECK(mt_migration_judge_downtime(pair, &error));
}

void mt_migrate_finish_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_migration_finish(pair, &error));
}
