/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A control group of one job, below or beside this process's own: what it allows holds for all of
 * the job's processes together, and for root too. Version 1 and 2 of the kernel's interface.
 */
#ifndef MT_BASE_CGROUP_H
#define MT_BASE_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

/* Where the group lies; NULL: that cannot be limited here. Both may be the same folder. */
struct mt_cgroup {
    char *memory;
    char *processes;
};

/* Makes what can be made of it. */
struct mt_cgroup mt_cgroup_make(const char *name, int64_t memory, int64_t processes);

/* Puts this process, and what it will start, into it; false: it could not. */
bool mt_cgroup_enter(const struct mt_cgroup *group);

/* Whether a process in it was killed for want of memory, or could not be started. */
bool mt_cgroup_lacked_memory(const struct mt_cgroup *group);
bool mt_cgroup_lacked_processes(const struct mt_cgroup *group);

/* Takes it away, once nothing is in it any more. */
void mt_cgroup_remove(struct mt_cgroup *group);

/* Takes away what a process that was killed had made under that name. */
void mt_cgroup_remove_left(const char *name);

#endif
