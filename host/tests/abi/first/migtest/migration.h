/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A migration from the source to the destination of a pair, whole by mt_migrate, or step by step.
 *
 * What holds for every migration without the test asking for it: events in order and once, both
 * sides `completed`, never two owners, RAM the same bit for bit where both sides stand still (and
 * by the guest's own check where the destination starts by itself), and a guest that runs on.
 */
#ifndef MIGTEST_MIGRATION_H
#define MIGTEST_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <migtest/abi.h>
#include <migtest/pair.h>

enum mt_transport {
    MT_UNIX, /* a socket in the scratch folder */
    MT_TCP,  /* 127.0.0.1, a port that the destination chose */
    MT_FD,   /* fd:NAME on both sides; the test has given the descriptors (mt_give_fd) */
};

enum mt_status {
    MT_STATUS_SETUP = 1,
    MT_STATUS_ACTIVE,
    MT_STATUS_PRE_SWITCHOVER,
    MT_STATUS_COMPLETED,
    MT_STATUS_FAILED,
    MT_STATUS_CANCELLED,
};

struct mt_migration {
    size_t size;
    const char *fd_name; /* of MT_FD */
    const void *limits;  /* NULL: automatic */
    const void *multifd; /* NULL: without */
    enum mt_transport transport;
    bool live;           /* the guest runs meanwhile; otherwise it is stopped first */
    bool pause;          /* pause-before-switchover, finished by mt_migrate_continue */
    bool self_start;     /* the destination starts by itself, whatever the manifest holds */
    uint8_t reserved[1]; /* 0 */
};

#define MT_MIGRATION(...)                                                                          \
    (&(const struct mt_migration){.size = sizeof(struct mt_migration), __VA_ARGS__})

/*
 * A whole migration: starts it, lets a live one go through a second pass over memory that the
 * running guest dirties, converges, verifies, and hands over to the destination.
 */
#define mt_migrate(pair, migration) mt_migrate_at(MT_HERE, pair, migration)
MT_API void mt_migrate_at(const char *file, int line, struct mt_pair *pair,
                          const struct mt_migration *migration);

/* Its steps. A live migration does not converge before mt_migrate_converge or _finish. */
#define mt_migrate_start(pair, migration) mt_migrate_start_at(MT_HERE, pair, migration)
MT_API void mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                                const struct mt_migration *migration);

/*
 * Waits until that many passes after the first have begun while the guest runs: the first has then
 * been sent whole, and pages of it are dirty again. Fails when the source stops before.
 */
#define mt_migrate_wait_pass(pair, live_passes) mt_migrate_wait_pass_at(MT_HERE, pair, live_passes)
MT_API void mt_migrate_wait_pass_at(const char *file, int line, struct mt_pair *pair,
                                    unsigned live_passes);

/*
 * Waits until query-migrate of the source shows at least `least` at `path` (absent reads as 0),
 * looking at each new pass; fails when the source stops before. Returns the value.
 */
#define mt_migrate_wait_value(pair, path, least, timeout_ms)                                       \
    mt_migrate_wait_value_at(MT_HERE, pair, path, least, timeout_ms)
MT_API int64_t mt_migrate_wait_value_at(const char *file, int line, struct mt_pair *pair,
                                        const char *path, int64_t least, int64_t timeout_ms);

/* Waits until the source has reached a status; one that it can no longer reach fails at once. */
#define mt_migrate_wait_status(pair, status) mt_migrate_wait_status_at(MT_HERE, pair, status)
MT_API void mt_migrate_wait_status_at(const char *file, int line, struct mt_pair *pair,
                                      enum mt_status status);

/* Lets it converge: a bandwidth and a downtime limit that any guest meets, or those given (not 0).
 */
#define mt_migrate_converge(pair, bandwidth, downtime_limit)                                       \
    mt_migrate_converge_at(MT_HERE, pair, bandwidth, downtime_limit)
MT_API void mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair,
                                   int64_t bandwidth, int64_t downtime_limit);

/* Goes on from pre-switchover. (QEMU 2.11) */
#define mt_migrate_continue(pair) mt_migrate_continue_at(MT_HERE, pair)
MT_API void mt_migrate_continue_at(const char *file, int line, struct mt_pair *pair);

/*
 * Cancels, and waits until the source is `cancelled`, runs on, and its guest finds its memory
 * intact. What becomes of the destination is for the test to see.
 */
#define mt_migrate_cancel(pair) mt_migrate_cancel_at(MT_HERE, pair)
MT_API void mt_migrate_cancel_at(const char *file, int line, struct mt_pair *pair);

/* Converges if that was not asked for yet, verifies, and hands over to the destination. */
#define mt_migrate_finish(pair) mt_migrate_finish_at(MT_HERE, pair)
MT_API void mt_migrate_finish_at(const char *file, int line, struct mt_pair *pair);

#endif
