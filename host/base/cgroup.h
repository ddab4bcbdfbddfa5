/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control groups, version 2 of the kernel's interface: what those of this process leave it, and one
 * for each job, whose limits hold for all of the job's processes together, and for root too.
 *
 * A job's group lies below this program's own group, never beside it: whoever manages that group
 * (systemd, a container's runtime) limits and ends all that is below. And it is made only where the
 * own group is this program's to divide: delegated to it, or the root of all groups that it sees.
 */
#ifndef MT_BASE_CGROUP_H
#define MT_BASE_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct mt_cgroup_limits {
    double cores;   /* 0: no limit */
    int64_t memory; /* bytes that may still be used; -1: no limit */
};

/*
 * The narrowest limits of the own group and of all above it. `mount` is where the groups are
 * mounted, `self` is /proc/self/cgroup, but for tests.
 */
struct mt_cgroup_limits mt_cgroup_limits(const char *mount, const char *self);

/* Where the groups are mounted; NULL: version 2 is not. */
const char *mt_cgroup_mount(void);

/*
 * Makes the own group ready for groups below it, before any job starts: limits its members, and
 * where the kernel wants that moves this process, which must be the only one in it, into a group of
 * its own below. Fails with the reason where the group is not ours to divide.
 */
int mt_cgroup_divide(struct mt_error *error);

/* Undoes the move, when no job is left. Nothing happens where there was none. */
void mt_cgroup_unite(void);

/*
 * Makes a group for a job below the one that was divided, maybe by a parent of this process.
 * Returns its folder, which the caller frees; NULL with the reason where that cannot be.
 */
char *mt_cgroup_make(const char *name, int64_t memory, int64_t processes, struct mt_error *error);

/* Puts this process, and what it will start, into it; false: it could not. */
bool mt_cgroup_enter(const char *folder);

/* Whether a process in it was killed for want of memory, or could not be started. NULL: no. */
bool mt_cgroup_lacked_memory(const char *folder);
bool mt_cgroup_lacked_processes(const char *folder);

/* Takes it away, once nothing is in it any more. NULL is fine. */
void mt_cgroup_remove(const char *folder);

/* Takes away what a process that was killed had made under that name. */
void mt_cgroup_remove_left(const char *name);

#endif
