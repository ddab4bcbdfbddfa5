/* SPDX-License-Identifier: Apache-2.0 */
/* All memory that the program fills: the test range, and the pages that are written once. */
#ifndef MT_GUEST_COMMON_MEMORY_H
#define MT_GUEST_COMMON_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/common/dirtying.h"

/* Writes the content of the first generation. `are_zero`: RAM is zero, as at power-on. */
void memory_fill(bool are_zero);

/* After a wake. If firmware ran, it used pages that are written once, so they are written again. */
void memory_wake(void);

/* Compares every word. Pages that are dirtied must have this generation. */
void memory_check(const struct dirtying *dirtying, uint32_t generation);

/* Lets QEMU notice all pages that a start writes to and a pass does not. */
void memory_settle(void);

#endif
