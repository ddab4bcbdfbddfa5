/* SPDX-License-Identifier: Apache-2.0 */
/* All memory that the program gives contents: the test range, and what is written once. */
#ifndef MT_GUEST_COMMON_MEMORY_H
#define MT_GUEST_COMMON_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/common/dirtying.h"

/* Gives all of it its content of the first generation; `are_zero`: as RAM is at power-on. */
void memory_fill(bool are_zero);

/* After a wake: where firmware ran, it has used what is written once, so that is written again. */
void memory_wake(void);

/* Compares every word of it; the pages that are dirtied must be of this generation. */
void memory_check(const struct dirtying *dirtying, uint32_t generation);

/* Has QEMU notice all that a start writes to and a pass does not. */
void memory_settle(void);

#endif
