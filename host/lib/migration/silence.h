/* SPDX-License-Identifier: Apache-2.0 */
/* How long a guest was silent during a switchover, and whether that can be true. */
#ifndef MT_MIGRATION_SILENCE_H
#define MT_MIGRATION_SILENCE_H

#include <stdint.h>

#include "base/error.h"

struct mt_silence {
    int64_t least_us;
    int64_t most_us;
    int64_t spacing_us;   /* the longest silence while the guest ran */
    int64_t stopped_us;   /* from the source's STOP to the destination's RESUME */
    int64_t after_us;     /* from RESUME to the source's `completed`; 0: `completed` came first */
    int64_t qemu_says_us; /* query-migrate's `downtime` */
    int64_t starved_us;   /* the longest time that a QEMU or this process had no processor */
};

/* Fails where the figures do not fit together by more than a busy host explains. The error is
 * undecided where a time without a processor explains at least half of the excess. */
int mt_silence_judge(const struct mt_silence *silence, struct mt_error *error);

#endif
