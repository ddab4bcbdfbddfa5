/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control groups, by version 2 of the kernel's interface: the limits that already hold for this
 * process, and a group for each job. The limits of a job's group hold for all processes of the job
 * together, and for root too.
 *
 * A job's group lies below this program's own group, never beside it. So the manager of the own
 * group (systemd, a container's runtime) still limits and ends the job. A job's group is made only
 * where this program may divide its own group: the group was delegated to this program, or it is
 * the root of all groups that this program sees.
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
 * The narrowest limits of the own group and of all groups above it. `mount` is where the groups are
 * mounted, and `self` is /proc/self/cgroup; tests pass other paths.
 */
struct mt_cgroup_limits mt_cgroup_limits(const char *mount, const char *self);

/* Where the groups of version 2 are mounted; NULL: nowhere. */
const char *mt_cgroup_mount(void);

/*
 * Prepares the own group for groups below it, before any job starts: makes the kernel limit them.
 * Where the kernel demands it, this process is moved into a separate group below; then it must be
 * the only process in the own group. Fails with the reason where this program may not divide the
 * group.
 */
int mt_cgroup_divide(struct mt_error *error);

/* Undoes the move, if there was one, after the last job. */
void mt_cgroup_unite(void);

/*
 * Makes a group for a job below the group that was divided, by this process or by a parent of it.
 * Returns the group's folder, which the caller frees; NULL with the reason on failure.
 */
char *mt_cgroup_make(const char *name, int64_t memory, int64_t processes, struct mt_error *error);

/* Moves this process into the group, with all that it will start. Returns false on failure. */
bool mt_cgroup_enter(const char *folder);

/*
 * Whether a process of the group was killed because memory ran out, or could not be started because
 * there were too many. A NULL folder gives false.
 */
bool mt_cgroup_lacked_memory(const char *folder);
bool mt_cgroup_lacked_processes(const char *folder);

/* Removes an empty group. NULL is fine. */
void mt_cgroup_remove(const char *folder);

/* Removes the group of that name, which a process that was killed has left. */
void mt_cgroup_remove_left(const char *name);

#endif
