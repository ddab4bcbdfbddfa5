/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A migration from the source to the destination of a pair: a whole one by mt_migrate, or its
 * steps.
 *
 * migtest verifies each migration, without the test asking for it: each event comes once and in
 * order, both sides reach `completed`, the guest never has two owners, RAM is the same bit for bit,
 * and the guest runs on. RAM is compared while both sides stand still; where the destination runs
 * by itself, the guest checks its memory.
 *
 * All functions here fail the test where they cannot do what they promise.
 */
#ifndef MIGTEST_MIGRATION_H
#define MIGTEST_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <migtest/abi.h>
#include <migtest/pair.h>

MT_BEGIN_C

enum mt_transport {
    MT_UNIX,    /* a socket in the test's folder */
    MT_TCP,     /* 127.0.0.1 of the test's network, on a port that the destination chooses */
    MT_FD,      /* fd:NAME on both sides; the test has given each its descriptor (mt_give_fd) */
    MT_FD_FILE, /* the same with a plain file: the destination reads when the source is done */
};

enum mt_status {
    MT_STATUS_SETUP = 1,
    MT_STATUS_ACTIVE,
    MT_STATUS_PRE_SWITCHOVER,
    MT_STATUS_COMPLETED,
    MT_STATUS_FAILED,
    MT_STATUS_CANCELLED,
};

/*
 * How fast a migration goes, and how long its guest may stand still, until the test lets it
 * converge. An absent member is automatic.
 */
struct mt_limits {
    size_t size;
    /*
     * The bandwidth in bytes a second. Automatic is unlimited for a guest that does not run, and to
     * the end: such a migration converges at once. For a running guest the source first sends
     * little, until its guest was seen to dirty memory. Then it is unlimited (mt_migrate), or so
     * that a pass over memory takes a quarter of a second (mt_migrate_start). Meanwhile
     * avail-switchover-bandwidth (QEMU 8.2) is set as well, unless the test has set that or a
     * downtime.
     */
    int64_t bandwidth;
    /*
     * The downtime limit in milliseconds. Automatic is 1 ms, which a busy guest never meets; or
     * 30 s where the guest does not run and no bandwidth is given. QEMU sends what it thinks fits
     * into the downtime at full speed, whatever the bandwidth.
     */
    int64_t downtime_ms;
    uint8_t reserved[8]; /* 0 */
};

#define MT_LIMITS(...) MT_LOCAL_OBJECT(mt_limits, __VA_ARGS__)

/* Several connections for the pages of RAM. (QEMU 4.0) */
struct mt_multifd {
    size_t size;
    unsigned channels;   /* how many */
    uint8_t reserved[4]; /* 0 */
};

#define MT_MULTIFD(...) MT_LOCAL_OBJECT(mt_multifd, __VA_ARGS__)

struct mt_migration {
    size_t size;
    const char *fd_name; /* of MT_FD and MT_FD_FILE: the name that the descriptors were given */
    const struct mt_limits *limits;   /* NULL: automatic */
    const struct mt_multifd *multifd; /* NULL: without, unless the test has set the capability */
    enum mt_transport transport;
    bool live;  /* the guest runs meanwhile; otherwise it is stopped first, unless it stands still
                   already, and runs at the end, wherever it then is */
    bool pause; /* the source waits at pre-switchover until mt_migrate_continue or _finish (2.11) */
    bool self_start;     /* the destination runs by itself, whatever the manifest says */
    bool as_channels;    /* `migrate` gets `channels` in place of `uri`: MT_UNIX, MT_TCP (8.2) */
    bool relay;          /* the stream goes through migtest: MT_UNIX, MT_TCP; see migtest/wire.h */
    uint8_t reserved[7]; /* 0 */
};

/*
 * Describes a migration, for one of the functions below, which copy what they need:
 *
 *     mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
 *     mt_migrate_start(pair, MT_MIGRATION(.transport = MT_TCP, .live = true,
 *                                         .limits = MT_LIMITS(.bandwidth = 100000000),
 *                                         .multifd = MT_MULTIFD(.channels = 4)));
 */
#define MT_MIGRATION(...) MT_LOCAL_OBJECT(mt_migration, __VA_ARGS__)

/*
 * Performs a whole migration: starts it, lets a running guest dirty memory during a second pass
 * over memory, converges, verifies, and hands the guest over to the destination.
 */
#define mt_migrate(pair, migration) mt_migrate_at(MT_HERE, pair, migration)
MT_API void mt_migrate_at(const char *file, int line, struct mt_pair *pair,
                          const struct mt_migration *migration);

/*
 * Starts a migration, for a test that does something before the migration ends.
 *
 * A live migration does not converge before mt_migrate_converge or mt_migrate_finish, unless its
 * guest is suspended, as such a guest dirties nothing. Where the guest or QEMU had no processor for
 * a while, a migration may converge too early; then the test is not decided and starts again, see
 * mt_fail_unless_starved.
 *
 * The function returns when QEMU has accepted `migrate`, if the guest is stopped or suspended, or
 * if a bandwidth is given. Otherwise it waits until the source is `active` and its guest was seen
 * to dirty memory. A destination that refuses the connection then fails the test at once, with its
 * reason; a connection that does not come about (a TLS handshake, a wire that is held) fails the
 * test after 40 s. A test about such connections gives a bandwidth, whatever it is, and waits for
 * MT_STATUS_FAILED, or cancels.
 */
#define mt_migrate_start(pair, migration) mt_migrate_start_at(MT_HERE, pair, migration)
MT_API void mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                                const struct mt_migration *migration);

/*
 * Waits until `live_passes` passes after the first have begun while the guest runs. Then the first
 * pass has sent all of memory, and pages of it are dirty again. Fails when the source stops before.
 * (QEMU 2.6, which sends MIGRATION_PASS)
 */
#define mt_migrate_wait_pass(pair, live_passes) mt_migrate_wait_pass_at(MT_HERE, pair, live_passes)
MT_API void mt_migrate_wait_pass_at(const char *file, int line, struct mt_pair *pair,
                                    unsigned live_passes);

/*
 * Waits as mt_migrate_wait_pass does, or until the source has stopped for the switchover, which is
 * no failure here. Returns how many passes had ended while the guest ran.
 */
#define mt_migrate_watch_passes(pair, live_passes)                                                 \
    mt_migrate_watch_passes_at(MT_HERE, pair, live_passes)
MT_API unsigned mt_migrate_watch_passes_at(const char *file, int line, struct mt_pair *pair,
                                           unsigned live_passes);

/*
 * Waits until query-migrate of the source shows at least `least` at the dotted path, and returns
 * the value. A missing value counts as 0. The function looks again at each new pass over memory.
 * Fails when the source stops before, or after `timeout_ms` milliseconds.
 */
#define mt_migrate_wait_value(pair, path, least, timeout_ms)                                       \
    mt_migrate_wait_value_at(MT_HERE, pair, path, least, timeout_ms)
MT_API int64_t mt_migrate_wait_value_at(const char *file, int line, struct mt_pair *pair,
                                        const char *path, int64_t least, int64_t timeout_ms);

/* Returns the number that query-migrate of the source shows at the dotted path. Fails where there
 * is no number. */
#define mt_migrate_value(pair, path) mt_migrate_value_at(MT_HERE, pair, path)
MT_API int64_t mt_migrate_value_at(const char *file, int line, struct mt_pair *pair,
                                   const char *path);

/*
 * Returns when the source sent the first event of that name in this migration ("STOP",
 * "MIGRATION_PASS"), or the first MIGRATION with that status ("active"): QEMU's own time stamp, in
 * microseconds of the host's clock. Fails where the source has not sent the event yet.
 */
#define mt_migrate_event_time(pair, event) mt_migrate_event_time_at(MT_HERE, pair, event)
MT_API int64_t mt_migrate_event_time_at(const char *file, int line, struct mt_pair *pair,
                                        const char *event);

/* Waits until the source has reached a status. Fails at once where the source cannot reach the
 * status any more, and otherwise after 40 s. */
#define mt_migrate_wait_status(pair, status) mt_migrate_wait_status_at(MT_HERE, pair, status)
MT_API void mt_migrate_wait_status_at(const char *file, int line, struct mt_pair *pair,
                                      enum mt_status status);

/*
 * Lets the migration converge, with that bandwidth in bytes a second and that downtime limit in
 * milliseconds. 0 means a bandwidth or a limit with which any guest converges.
 */
#define mt_migrate_converge(pair, bandwidth, downtime_ms)                                          \
    mt_migrate_converge_at(MT_HERE, pair, bandwidth, downtime_ms)
MT_API void mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair,
                                   int64_t bandwidth, int64_t downtime_ms);

/* Lets a source at status pre-switchover go on. (QEMU 2.11) */
#define mt_migrate_continue(pair) mt_migrate_continue_at(MT_HERE, pair)
MT_API void mt_migrate_continue_at(const char *file, int line, struct mt_pair *pair);

/*
 * Cancels the migration, and waits until the source is `cancelled`, its guest runs, and the guest
 * has found its memory intact. The test looks itself at what becomes of the destination. A test
 * that has to look at something before the source goes on sends migrate_cancel itself first; QEMU
 * ignores the second one.
 */
#define mt_migrate_cancel(pair) mt_migrate_cancel_at(MT_HERE, pair)
MT_API void mt_migrate_cancel_at(const char *file, int line, struct mt_pair *pair);

/*
 * Kills the destination, and waits until the source's migration has `failed`, its guest runs, and
 * the guest has found its memory intact. mt_new_destination starts another destination. The source
 * does not notice the loss while the wire to the source is held, nor at status pre-switchover:
 * there this function fails.
 */
#define mt_migrate_lose_destination(pair) mt_migrate_lose_destination_at(MT_HERE, pair)
MT_API void mt_migrate_lose_destination_at(const char *file, int line, struct mt_pair *pair);

/* Finishes a migration: converges where the test has not asked for that yet, verifies, and hands
 * the guest over to the destination. */
#define mt_migrate_finish(pair) mt_migrate_finish_at(MT_HERE, pair)
MT_API void mt_migrate_finish_at(const char *file, int line, struct mt_pair *pair);

/*
 * Measures the downtime as the world saw it, after mt_migrate_finish: from the guest's last beat on
 * the source to its first beat on the destination, by the host's clock. Needs mt_beat_guest before
 * the migration. The result shows it beside query-migrate's `downtime`, in milliseconds.
 *
 * Fails when the figures cannot be true: the guest beat after the source's STOP or before the
 * destination's RESUME; or the guest beat during what query-migrate counts as downtime, for longer
 * than a busy host explains; or the guest stayed silent long after RESUME.
 */
#define mt_migrate_judge_downtime(pair) mt_migrate_judge_downtime_at(MT_HERE, pair)
MT_API void mt_migrate_judge_downtime_at(const char *file, int line, struct mt_pair *pair);

MT_END_C

#endif
