/* SPDX-License-Identifier: Apache-2.0 */
/* When the guest gave signs of life, by the host's clock: the guest's own stand still with it. */
#ifndef MT_LIB_GUEST_BEATS_H
#define MT_LIB_GUEST_BEATS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Somewhere within these two, in microseconds of CLOCK_MONOTONIC: the line was empty before, and
 * then it was read. On a busy machine they may lie far apart.
 */
struct mt_moment {
    int64_t after_us;
    int64_t until_us;
};

struct mt_beats {
    uint64_t count;
    struct mt_moment first;
    struct mt_moment last;
    int64_t longest_us; /* that it was silent for sure between two of them */
    bool anew;          /* what lies before the next one does not count */
};

void mt_beats_add(struct mt_beats *beats, struct mt_moment moment);

/* The silence between the last beat and the next one is not counted: the guest was stopped, say. */
void mt_beats_forget_last(struct mt_beats *beats);

/* How long the guest was silent between these two moments: at least, and at most. */
int64_t mt_least_between(struct mt_moment earlier, struct mt_moment later);
int64_t mt_most_between(struct mt_moment earlier, struct mt_moment later);

#endif
