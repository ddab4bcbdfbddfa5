/* SPDX-License-Identifier: Apache-2.0 */
/* Kills processes together with all their descendants. */
#ifndef MT_BASE_DESCENDANTS_H
#define MT_BASE_DESCENDANTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"

/*
 * Kills a process and all its descendants. Returns the number of processes killed. The caller must
 * still wait for the process.
 */
unsigned mt_kill_family(pid_t pid);

/* How long processes with `memory` bytes in total may take to give them back when they die. */
int64_t mt_dying_ms(int64_t memory);

/*
 * Kills all children of the main thread, and all their descendants, and waits for them. Only the
 * main thread may call this. It copes with a child that forks as fast as it can.
 *
 * Processes that do not die are given up after 1.5 s plus the time that giving back their memory
 * may take, and after two minutes at most. `ret_survivors` (may be NULL) gets their names.
 *
 * The `spare_count` children in `spare` are left alone, and so are children that another thread has
 * started. Descendants whose parents have died are found only where this process is a subreaper.
 * Returns the number of processes killed.
 */
unsigned mt_kill_children(const pid_t *spare, size_t spare_count, struct mt_strings *ret_survivors);

#endif
