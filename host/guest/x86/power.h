/* SPDX-License-Identifier: Apache-2.0 */
/* The registers of the power management, by which the machine suspends to RAM. */
#ifndef MT_GUEST_X86_POWER_H
#define MT_GUEST_X86_POWER_H

#include "arch/timer.h"

void power_enable(void);

#endif
