/* SPDX-License-Identifier: Apache-2.0 */
/* What the control groups of this process leave it, in either version of them. */
#ifndef MT_RUNNER_CGROUP_H
#define MT_RUNNER_CGROUP_H

#include <stdint.h>

struct mt_cgroup_limits {
    double cores;   /* 0: no limit */
    int64_t memory; /* bytes that may still be used; -1: no limit */
};

/* `mounts` is /sys/fs/cgroup, `self` is /proc/self/cgroup, but for tests. The narrowest limit of
 * the group and of all above it counts. */
struct mt_cgroup_limits mt_cgroup_limits(const char *mounts, const char *self);

#endif
