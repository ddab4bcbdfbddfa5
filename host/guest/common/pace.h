/* SPDX-License-Identifier: Apache-2.0 */
/* So many things a second, by a timer that stands still when the virtual machine does. */
#ifndef MT_GUEST_COMMON_PACE_H
#define MT_GUEST_COMMON_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
    unsigned at_once; /* so many, then a wait; 0: as fast as it goes */
    unsigned done;    /* of these */
    uint32_t ticks;   /* that they may take */
    uint32_t due;     /* when the latest of them may end */
};

/* False where there is no timer to go by. `per_second` is 0 or at most MT_GUEST_MOST_PER_SECOND. */
bool pace_start(struct pace *pace, uint32_t per_second);

/* One more is done: waits until the next may be. */
void pace_keep(struct pace *pace);

#endif
