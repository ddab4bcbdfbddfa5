/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/guest/beats.h"

int64_t mt_least_between(struct mt_moment earlier, struct mt_moment later)
{
    int64_t least = later.after_us - earlier.until_us;

    return least > 0 ? least : 0;
}

int64_t mt_most_between(struct mt_moment earlier, struct mt_moment later)
{
    return later.until_us - earlier.after_us;
}

void mt_beats_forget_last(struct mt_beats *beats)
{
    beats->longest_us = 0;
    beats->forgotten = true;
}

void mt_beats_add(struct mt_beats *beats, struct mt_moment moment)
{
    if (beats->count++ == 0) {
        beats->first = moment;
    } else if (!beats->forgotten) {
        int64_t silence_us = mt_least_between(beats->last, moment);
        beats->longest_us = silence_us > beats->longest_us ? silence_us : beats->longest_us;
    }
    beats->last = moment;
    beats->forgotten = false;
}
