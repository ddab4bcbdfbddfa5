/* SPDX-License-Identifier: Apache-2.0 */
/* Rests between two passes. */
#ifndef MT_GUEST_REST_H
#define MT_GUEST_REST_H

#include <stdint.h>

/* Counts at an unknown frequency; stays 0 where there is no such clock, and under KVM. */
uint32_t rest_clock(void);

/* After a pass that took so long by that clock; until the host commands something, at most. */
void rest(uint32_t pass_took);

#endif
