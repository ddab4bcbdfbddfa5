/* SPDX-License-Identifier: Apache-2.0 */
/* The ACPI timer, which stands still when the virtual machine does. */
#ifndef MT_GUEST_X86_ARCH_TIMER_H
#define MT_GUEST_X86_ARCH_TIMER_H

#include <stdint.h>

#include "arch/io.h"

/* Where the registers of the power management are, once they are enabled. */
#define POWER_BASE 0x600

#define TIMER_TICKS_PER_SECOND 3579545
#define TIMER_MASK 0x00ffffff

static inline uint32_t timer_read(void)
{
    return in32(POWER_BASE + 8);
}

#endif
