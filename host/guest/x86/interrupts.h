/* SPDX-License-Identifier: Apache-2.0 */
/* The one interrupt that the guest takes, and only while it waits for it. For C and for assembler.
 */
#ifndef MT_GUEST_X86_INTERRUPTS_H
#define MT_GUEST_X86_INTERRUPTS_H

#define ALARM_VECTOR 0x51 /* above the task priority */
#define LAPIC 0xfee00000
#define LAPIC_END_OF_INTERRUPT 0xb0

#ifndef __ASSEMBLER__
#include <stdbool.h>

/* Whether there is an alarm, and standing still brings something. */
bool interrupts_can_rest(void);

/* Stands still for MT_GUEST_REST_STEP_MS. */
void interrupts_rest(void);
#endif

#endif
