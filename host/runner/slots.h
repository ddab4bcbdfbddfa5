/* SPDX-License-Identifier: Apache-2.0 */
/* How many tests may run at once on this machine. */
#ifndef MT_RUNNER_SLOTS_H
#define MT_RUNNER_SLOTS_H

#include <stdint.h>

/* From the cores that this process may use and the memory that is free, for pairs with that much
 * RAM. */
unsigned mt_slots_here(int64_t guest_ram);

#endif
