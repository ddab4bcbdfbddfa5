/* SPDX-License-Identifier: Apache-2.0 */
/* How many tests may run at once on this machine. */
#ifndef MT_RUNNER_SLOTS_H
#define MT_RUNNER_SLOTS_H

#include <stdint.h>

/* Number of cores that this process may use, by its affinity and its control groups; can be a
 * fraction. */
double mt_cores_here(void);

/* The number of tests that may run at once on that number of cores. */
double mt_tests_for(double cores);

/* The number of tests that may run at once here, by cores and free memory, with that much guest
 * RAM. */
unsigned mt_slots_here(int64_t guest_ram);

/* The same for the given cores and memory; at least 1. */
unsigned mt_slots_for(double cores, int64_t memory, int64_t guest_ram);

#endif
