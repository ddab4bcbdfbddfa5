/* SPDX-License-Identifier: Apache-2.0 */
/* A pace of steps a second, by a timer that stands still when the virtual machine does. */
#ifndef MT_GUEST_COMMON_PACE_H
#define MT_GUEST_COMMON_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
    unsigned at_once; /* number of steps between two waits; 0: no pace */
    unsigned done;    /* number of steps since the last wait */
    uint32_t ticks;   /* how long these steps may take */
    uint32_t due;     /* when the last of these steps may end */
};

/* Returns false if there is no timer. `per_second` is 0 or at most MT_GUEST_MOST_PER_SECOND. */
bool pace_start(struct pace *pace, uint32_t per_second);

/* A step is done. Waits until the next step may begin. */
void pace_keep(struct pace *pace);

#endif
