/* SPDX-License-Identifier: Apache-2.0 */
/* Suspend to RAM, and the wake, which comes back as a reset with RAM kept. */
#ifndef MT_GUEST_POWER_H
#define MT_GUEST_POWER_H

#include <stdbool.h>
#include <stdint.h>

/* Where its registers are once they are enabled. */
#define POWER_BASE 0x600
void power_enable(void);

/* Keeps the generation and suspends; what comes after it is a reset. */
_Noreturn void power_suspend(uint32_t generation);

/* Whether this start is a wake; if so, hands the kept generation back. The next start is fresh. */
bool power_has_woken(uint32_t *ret_generation);

#endif
