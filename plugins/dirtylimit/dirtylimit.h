/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that the tests of this plugin share. */
#ifndef MT_PLUGINS_DIRTYLIMIT_H
#define MT_PLUGINS_DIRTYLIMIT_H

#include <migtest/migtest.h>

/*
 * QEMU's tolerance, in MB/s. QEMU does nothing while the rate is that close to the limit, so that a
 * limit has no effect on a guest that dirties less.
 */
enum { TOLERANCE_MB = 25 };

/* In pages, as in QEMU's own tests. */
enum { DIRTY_RING = 4096 };

/* Twice the highest rate that was seen under an emulated KVM. */
enum { FAST_MB = 200 };

/* One second of a guest, as measured by KVM's ring and by the guest itself. */
struct second {
    int64_t rate_mb; /* dirtied */
    double pace;     /* beats a second */
    double awake;    /* the part of the second in which the guest's CPU did not sleep */
};

/* Lets QEMU measure the dirty rate by KVM's ring, for one second. */
struct second measure_second(struct mt_vm *vm);

void note_second(struct mt_pair *pair, const char *when, struct second second);

/*
 * The functions below measure second after second until the guest is as fast or as slow as they
 * say, which takes QEMU some seconds, and otherwise fail the test. Under an emulated KVM, how fast
 * a guest can dirty memory differs by a factor of two from one moment to the next (14 to 90 MB/s
 * was seen). So the rate alone does not show whether QEMU throttles the guest. The guest's CPU
 * does: it sleeps then, and only then.
 */

struct second measure_until_below(struct mt_pair *pair, int64_t boundary_mb);

/*
 * The next two functions skip the test when the guest is awake and dirties too little for QEMU to
 * act, where the guest of an emulated KVM dirtied `origin_mb` without a limit: then that KVM has
 * become slower.
 */

/* The guest is no faster than the limit and QEMU's tolerance allow, no faster than that pace, and
 * often asleep. */
struct second measure_until_held(struct mt_pair *pair, int64_t origin_mb, int64_t limit_mb,
                                 double most_pace);

/* The guest is faster than the limit and QEMU's tolerance allow, has at least that pace, and is
 * awake. */
struct second measure_until_free(struct mt_pair *pair, int64_t origin_mb, int64_t limit_mb,
                                 double least_pace);

/* The guest is awake, however much it dirties. */
struct second measure_until_awake(struct mt_pair *pair);

/* Returns what the guest dirties without a limit. Skips the test when that is too little for any
 * limit. */
struct second measure_origin(struct mt_pair *pair);

/*
 * Returns a limit that QEMU enforces also when the guest becomes slower: a tenth of what the guest
 * dirties, and no more than the limit of QEMU's own test. The limit should not be much lower, as
 * each time the guest sleeps for as long as up to 16 MB, a full ring, take at the limit: 2 to 8 s.
 */
int64_t tight_limit(int64_t rate_mb);

/* An empty list means that no limit is in service. */
int64_t limits_in_service(struct mt_pair *pair);

void dirty_limit(void **state);
void vcpu_dirty_limit(void **state);

#endif
