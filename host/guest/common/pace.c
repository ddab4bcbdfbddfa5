/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/pace.h"

#include "arch/timer.h"
#include "guest/contract.h"

#define HALF_ROUND 0x00800000

/* Some hundredths of a second's worth is done at once, as each look at the timer costs time. */
#define LOOKS_PER_SECOND 128
_Static_assert((uint64_t)MT_GUEST_MOST_PER_SECOND / LOOKS_PER_SECOND * TIMER_TICKS_PER_SECOND <=
                   UINT32_MAX,
               "what is done at once, in ticks, fits into a word");

/* The timer ticks three times in each of these looks, at least. */
#define PATIENCE 1000

static bool timer_runs(void)
{
    uint32_t start = timer_read();

    for (unsigned looks = 0; looks < PATIENCE; looks++) {
        if (timer_read() != start) {
            return true;
        }
    }
    return false;
}

bool pace_start(struct pace *pace, uint32_t per_second)
{
    unsigned at_once = per_second / LOOKS_PER_SECOND;

    *pace = (struct pace){0};
    if (per_second == 0) {
        return true;
    }
    pace->at_once = at_once > 0 ? at_once : 1;
    pace->ticks = pace->at_once * TIMER_TICKS_PER_SECOND / per_second;
    pace->due = timer_read();
    return timer_runs();
}

/* A guest that is late by more than one wait continues from now, and does not catch up. */
void pace_keep(struct pace *pace)
{
    if (pace->at_once == 0 || ++pace->done < pace->at_once) {
        return;
    }
    pace->done = 0;
    pace->due += pace->ticks;
    uint32_t late = (timer_read() - pace->due) & TIMER_MASK;
    if (late < HALF_ROUND && late > pace->ticks) {
        pace->due += late;
    }
    while (((timer_read() - pace->due) & TIMER_MASK) >= HALF_ROUND) {
    }
}
