/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this plugin share. */
#ifndef MT_PLUGINS_DIRTYLIMIT_H
#define MT_PLUGINS_DIRTYLIMIT_H

#include <migtest/migtest.h>

/*
 * QEMU's own tolerance, in MB/s: it lets a rate be that far from its limit without acting, so a
 * limit means nothing to a guest that dirties less.
 */
enum { TOLERANCE_MB = 25 };

/* In pages, as in QEMU's own tests. */
enum { DIRTY_RING = 4096 };

/* Twice what an emulated KVM ever made. */
enum { FAST_MB = 200 };

/* One second of a guest, as KVM's ring saw it and as the guest itself did. */
struct second {
    int64_t rate_mb; /* dirtied */
    double pace;     /* beats a second */
    double awake;    /* the part of it in which its CPU did not sleep */
};

/* Has QEMU measure the dirty rate for a second by KVM's ring. */
struct second measure_second(struct mt_vm *vm);

void note_second(struct mt_pair *pair, const char *when, struct second second);

/*
 * Until it is so, which takes QEMU some seconds to bring about, second after second is measured;
 * the test fails when it does not come to be. How fast a guest can dirty memory differs by a factor
 * of two from one moment to the next under an emulated KVM (14 to 90 MB/s was seen), so that a rate
 * alone does not tell whether QEMU throttles it. Its CPU does, which sleeps then, and only then.
 */

struct second measure_until_below(struct mt_pair *pair, int64_t boundary_mb);

/*
 * The two below skip the test when the guest is awake and dirties too little for QEMU to act, where
 * an emulated KVM made `origin_mb` without a limit: it then is what has become slower.
 */

/* No faster than the limit and QEMU's tolerance allow, nor than that pace, and often asleep. */
struct second measure_until_held(struct mt_pair *pair, int64_t origin_mb, int64_t limit_mb,
                                 double most_pace);

/* Faster than the limit and QEMU's tolerance allow, at least at that pace, and awake. */
struct second measure_until_free(struct mt_pair *pair, int64_t origin_mb, int64_t limit_mb,
                                 double least_pace);

/* Awake, whatever it dirties. */
struct second measure_until_awake(struct mt_pair *pair);

/* What it dirties without a limit. Skips the test when that is too little for any limit. */
struct second measure_origin(struct mt_pair *pair);

/*
 * One that QEMU acts on when the guest becomes slower, too: a tenth of what it dirties, and no more
 * than QEMU's own test sets. It should not be much tighter, as it has the guest sleep for up to 16
 * MB, a ring, over the limit each time: 2 to 8 s.
 */
int64_t tight_limit(int64_t rate_mb);

/* An empty list means that no limit is in service. */
int64_t limits_in_service(struct mt_pair *pair);

void dirty_limit(void **state);
void vcpu_dirty_limit(void **state);

#endif
