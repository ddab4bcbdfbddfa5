/* SPDX-License-Identifier: Apache-2.0 */
/* Ending whole families of processes. */
#ifndef MT_BASE_DESCENDANTS_H
#define MT_BASE_DESCENDANTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"

/* Kills a process and all below it; returns how many there were. It must still be waited for. */
unsigned mt_kill_family(pid_t pid);

/* How long processes that hold so many bytes of memory may take to give it back when they die. */
int64_t mt_dying_ms(int64_t memory);

/*
 * Kills and waits for all children of the main thread, which calls this, and theirs, until none is
 * left, or some do not die of it for 1.5 s, and for as long as giving back their memory may take,
 * two minutes at most;
 * also those of one that forks as fast as it can. `spare` (count of them) are left alone, and so
 * are children that another thread has started. Returns how many there were; `ret_survivors` (may
 * be NULL) names those that are still there. Children whose parents have died are found where this
 * process is a subreaper.
 */
unsigned mt_kill_children(const pid_t *spare, size_t spare_count, struct mt_strings *ret_survivors);

#endif
