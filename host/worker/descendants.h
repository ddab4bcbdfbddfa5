/* SPDX-License-Identifier: Apache-2.0 */
/* All processes below this one. As a subreaper it inherits those whose parents have died. */
#ifndef MT_WORKER_DESCENDANTS_H
#define MT_WORKER_DESCENDANTS_H

/* Kills them until none is left, also one that forks as fast as it can; returns how many there were. */
unsigned mt_descendants_kill(void);

#endif
