/* SPDX-License-Identifier: Apache-2.0 */
/* When the guest beat, by the host's clock. The guest's own clocks stand still with the guest. */
#ifndef MT_LIB_GUEST_BEATS_H
#define MT_LIB_GUEST_BEATS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A moment between these two times of CLOCK_MONOTONIC, in microseconds: the line was empty at the
 * first and was read at the second. On a busy machine the two may lie far apart.
 */
struct mt_moment {
    int64_t after_us;
    int64_t until_us;
};

struct mt_beats {
    uint64_t count;
    struct mt_moment first;
    struct mt_moment last;
    int64_t
        longest_us; /* the longest time between two beats in which the guest was surely silent */
    bool forgotten; /* the time up to the next beat does not count */
};

void mt_beats_add(struct mt_beats *beats, struct mt_moment moment);

/* The silence up to the next beat does not count, for example because the guest was stopped. */
void mt_beats_forget_last(struct mt_beats *beats);

/* The least and the most time that lies between these two moments. */
int64_t mt_least_between(struct mt_moment earlier, struct mt_moment later);
int64_t mt_most_between(struct mt_moment earlier, struct mt_moment later);

#endif
