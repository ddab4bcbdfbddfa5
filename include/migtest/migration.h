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
 * A whole migration: starts it, lets a live one go through a second pass over memory that the
 * running guest dirties, converges, verifies, and hands over to the destination.
 */
#define mt_migrate(pair, migration) mt_migrate_at(MT_HERE, pair, migration)
MT_API void mt_migrate_at(const char *file, int line, struct mt_pair *pair,
                          const struct mt_migration *migration);

/*
 * Its steps. A live migration does not converge before mt_migrate_converge or _finish, unless its
 * guest is suspended: that dirties nothing. (Where the guest or QEMU had no processor for a while,
 * so that it did, the test is not decided, and starts over; see mt_fail_unless_starved.)
 *
 * mt_migrate_start returns once QEMU has taken `migrate`, if the guest is stopped or suspended, or
 * a bandwidth was given. Else, with a running guest, it first waits until the source is `active`
 * and its guest was seen to dirty memory: a destination that refuses the connection then fails the
 * test at once, with its reason, and a connection that does not come about (a TLS handshake, a wire
 * that is held) at the end of a time limit. A test that is about these gives a bandwidth, whatever
 * it is, and waits for MT_STATUS_FAILED, or cancels.
 */
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
 * The same, for a test that expects nothing: it waits until then, or until the source has stopped
 * for the switchover. Returns how many passes had ended while the guest ran.
 */
#define mt_migrate_watch_passes(pair, live_passes)                                                 \
    mt_migrate_watch_passes_at(MT_HERE, pair, live_passes)
MT_API unsigned mt_migrate_watch_passes_at(const char *file, int line, struct mt_pair *pair,
                                           unsigned live_passes);

/*
 * Waits until query-migrate of the source shows at least `least` at `path` (absent reads as 0),
 * looking at each new pass; fails when the source stops before. Returns the value.
 */
#define mt_migrate_wait_value(pair, path, least, timeout_ms)                                       \
    mt_migrate_wait_value_at(MT_HERE, pair, path, least, timeout_ms)
MT_API int64_t mt_migrate_wait_value_at(const char *file, int line, struct mt_pair *pair,
                                        const char *path, int64_t least, int64_t timeout_ms);

/* A number that query-migrate of the source shows at `path`; fails where there is none. */
#define mt_migrate_value(pair, path) mt_migrate_value_at(MT_HERE, pair, path)
MT_API int64_t mt_migrate_value_at(const char *file, int line, struct mt_pair *pair,
                                   const char *path);

/*
 * When the source sent the first event of that name in this migration ("STOP", "MIGRATION_PASS"),
 * or the first MIGRATION with that status ("active"): QEMU's own stamp, in microseconds of the
 * host's clock. Fails where none has come yet.
 */
#define mt_migrate_event_time(pair, event) mt_migrate_event_time_at(MT_HERE, pair, event)
MT_API int64_t mt_migrate_event_time_at(const char *file, int line, struct mt_pair *pair,
                                        const char *event);

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
 * intact. What becomes of the destination is for the test to see. A test that looks at something
 * before that sends migrate_cancel itself; QEMU takes the second one for nothing.
 */
#define mt_migrate_cancel(pair) mt_migrate_cancel_at(MT_HERE, pair)
MT_API void mt_migrate_cancel_at(const char *file, int line, struct mt_pair *pair);

/*
 * Kills the destination, and waits until the source's migration has `failed`, and the source runs
 * on with its guest's memory intact. mt_new_destination starts another. Not while the wire to the
 * source is held, nor at status pre-switchover: the source would not notice.
 */
#define mt_migrate_lose_destination(pair) mt_migrate_lose_destination_at(MT_HERE, pair)
MT_API void mt_migrate_lose_destination_at(const char *file, int line, struct mt_pair *pair);

/* Converges if that was not asked for yet, verifies, and hands over to the destination. */
#define mt_migrate_finish(pair) mt_migrate_finish_at(MT_HERE, pair)
MT_API void mt_migrate_finish_at(const char *file, int line, struct mt_pair *pair);

/*
 * The downtime as the world saw it, after mt_migrate_finish: from the guest's last beat on the
 * source, which mt_beat_guest must have asked for before, to its first on the destination, by the
 * host's clock. It is noted beside query-migrate's `downtime`, in milliseconds.
 *
 * Fails when it cannot be true: when the guest still beat after the source's STOP or before the
 * destination's RESUME; when it beat meanwhile although query-migrate counts that as downtime, by
 * more than a busy host explains; or when it stayed silent long after RESUME.
 */
#define mt_migrate_judge_downtime(pair) mt_migrate_judge_downtime_at(MT_HERE, pair)
MT_API void mt_migrate_judge_downtime_at(const char *file, int line, struct mt_pair *pair);

MT_END_C

#endif
