/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions of include/migtest/migration.h. Each calls the library's function of that
 * name. */
#include "lib/api/fail.h"
#include "lib/api/known.h"
#include "lib/migration/steps.h"

#include <migtest/migration.h>

static int take_limits(const struct mt_limits *theirs, struct mt_request *request,
                       struct mt_error *error)
{
    struct mt_limits limits;

    if (theirs == NULL) {
        return 0;
    }
    if (mt_take_known("mt_limits", theirs, &limits, MT_LAYOUT(struct mt_limits), error) < 0) {
        return -1;
    }
    request->bandwidth = limits.bandwidth;
    request->downtime_limit = limits.downtime_ms;
    return 0;
}

static int take_multifd(const struct mt_multifd *theirs, struct mt_request *request,
                        struct mt_error *error)
{
    struct mt_multifd multifd;

    if (theirs == NULL) {
        return 0;
    }
    if (mt_take_known("mt_multifd", theirs, &multifd, MT_LAYOUT(struct mt_multifd), error) < 0) {
        return -1;
    }
    request->channels = multifd.channels;
    return 0;
}

/* The structs that a plugin hands over may be gone when the call returns. */
static int take_request(const struct mt_migration *theirs, struct mt_request *ret_request,
                        struct mt_error *error)
{
    struct mt_migration migration;

    if (mt_take_known("mt_migration", theirs, &migration, MT_LAYOUT(struct mt_migration), error) <
        0) {
        return -1;
    }
    *ret_request = (struct mt_request){
        .transport = migration.transport,
        .fd_name = migration.fd_name,
        .live = migration.live,
        .pause = migration.pause,
        .self_start = migration.self_start,
        .as_channels = migration.as_channels,
        .relay = migration.relay,
    };
    return take_limits(migration.limits, ret_request, error) < 0
               ? -1
               : take_multifd(migration.multifd, ret_request, error);
}

void mt_migrate_at(const char *file, int line, struct mt_pair *pair,
                   const struct mt_migration *migration)
{
    struct mt_request request;

    CHECK(take_request(migration, &request, &error));
    CHECK(mt_migration_whole(pair, &request, &error));
}

void mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                         const struct mt_migration *migration)
{
    struct mt_request request;

    CHECK(take_request(migration, &request, &error));
    CHECK(mt_migration_start(pair, &request, &error));
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
    CHECK(mt_migration_wait_status(pair, MT_SOURCE, status_name(status), &error));
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
