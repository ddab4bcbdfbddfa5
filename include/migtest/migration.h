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
    MT_TCP,  /* 127.0.0.1 of the test's network, a port that the destination chose */
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
    enum mt_transport transport;
    unsigned channels;   /* multifd with that many (QEMU 4.0); 0: without multifd, unless the test
                            has set that capability itself */
    const char *fd_name; /* of MT_FD */
    int64_t bandwidth;   /* bytes/s before convergence is wanted, and of a stopped guest to the end.
                            0: as fast as it goes with a stopped guest; with a running one little
                            until it is seen to dirty memory, then, by mt_migrate, as fast as it
                            goes, by mt_migrate_start so that a pass takes a quarter of a second;
                            until it may converge avail-switchover-bandwidth (QEMU 8.2) is set,
                            unless the test has set that, or a downtime_limit */
    int64_t downtime_limit; /* ms, likewise; 0: 1 ms, which a busy guest never meets, or, with a
                               stopped guest and no bandwidth given, 30 s. What QEMU thinks fits
                               into it is sent as fast as it goes, whatever the bandwidth */
    bool live;              /* the guest runs meanwhile; otherwise it is stopped first, unless it is
                               already, and goes on at the end, wherever it then is */
    bool to_file;           /* the destination reads when the source is done */
    bool as_channels;       /* `migrate` gets `channels` in place of `uri` (QEMU 8.2) */
    bool self_start;        /* the destination starts by itself, whatever the manifest holds */
    bool pause;             /* pause-before-switchover, finished by mt_migrate_continue */
    bool relay; /* of MT_UNIX and MT_TCP: the wire goes through migtest, see migtest/wire.h */
    uint8_t reserved[2]; /* 0 */
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

#endif
