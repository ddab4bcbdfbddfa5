/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this plugin share. */
#ifndef MT_PLUGINS_DIRTYLIMIT_H
#define MT_PLUGINS_DIRTYLIMIT_H

#include <migtest/migtest.h>

/*
 * QEMU's own tolerance, in MB/s: it lets a rate be that far from its limit without acting, so what
 * a limit means shows only to a guest that dirties more than twice as much.
 */
enum { TOLERANCE_MB = 25 };

/* One second of a guest, as KVM's ring saw it and as the guest itself did. */
struct second {
    int64_t rate_mb; /* dirtied */
    double pace;     /* beats a second */
    double awake;    /* the part of it in which its CPU did not sleep */
};

/* Has QEMU measure the dirty rate for a second by KVM's ring. */
struct second measure_second(struct mt_vm *vm);

/*
 * What it dirties without a limit: the first second in which it is enough for a limit to be told
 * from none, as a busy host may take a second or two for itself.
 */
struct second measure_origin(struct mt_pair *pair);

/* Measures until the rate is below or above that boundary, which takes QEMU some seconds to bring
 * about; fails when it does not come to be. */
struct second measure_until_below(struct mt_pair *pair, int64_t boundary_mb);
struct second measure_until_above(struct mt_pair *pair, int64_t boundary_mb);

void note_second(struct mt_pair *pair, const char *when, struct second second);

/*
 * Measures until its CPU is awake all but a quarter of the time, as one that QEMU does not throttle
 * is. That is seen on a slow host, too, which may dirty less without a limit than another with one.
 */
struct second measure_until_awake(struct mt_pair *pair);

/* An empty list means that no limit is in service. */
int64_t limits_in_service(struct mt_pair *pair);

void dirty_limit(void **state);
void vcpu_dirty_limit(void **state);

#endif
