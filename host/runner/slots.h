/* SPDX-License-Identifier: Apache-2.0 */
/* How many tests may run at once on this machine. */
#ifndef MT_RUNNER_SLOTS_H
#define MT_RUNNER_SLOTS_H

#include <stdint.h>

/* The cores that this process may use, by its affinity and its control groups; may be a fraction.
 */
double mt_cores_here(void);

/* How many tests so many cores are meant for. */
double mt_tests_for(double cores);

/* From these and the memory that is left, for pairs with that much RAM. */
unsigned mt_slots_here(int64_t guest_ram);

/* The rule by itself; at least 1. */
unsigned mt_slots_for(double cores, int64_t memory, int64_t guest_ram);

#endif
