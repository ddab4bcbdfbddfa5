/* SPDX-License-Identifier: Apache-2.0 */
/* Suspend to RAM, and the wake, which comes back as a reset with RAM kept. */
#ifndef MT_GUEST_POWER_H
#define MT_GUEST_POWER_H

#include <stdint.h>

/* Where its registers are once they are enabled. */
#define POWER_BASE 0x600
void power_enable(void);

enum start {
    START_FRESH,    /* in a machine whose RAM is zero, but for what firmware left there */
    START_REBOOTED, /* in one where the program ran before */
    START_WOKEN,    /* from a suspend: RAM is as it was left */
};

/* Keeps the generation and suspends; what comes after it is a wake. */
_Noreturn void power_suspend(uint32_t generation);

/* Which kind of start this is; of a wake hands the kept generation back. */
enum start power_start(uint32_t *ret_generation);

#endif
