/* SPDX-License-Identifier: Apache-2.0 */
/* All memory that the program gives contents: the test range, and what is written once. */
#ifndef MT_GUEST_MEMORY_H
#define MT_GUEST_MEMORY_H

#include <stdint.h>

#include "guest/dirtying.h"

/* Gives all of it its content of the first generation; what is zero there is so since power-on. */
void memory_fill(void);

/* After a wake: where firmware ran, it has used what is written once, so that is written again. */
void memory_wake(void);

/* Compares every word of it; the pages that are dirtied must be of this generation. */
void memory_check(const struct dirtying *dirtying, uint32_t generation);

/* Says so to the host and halts. */
_Noreturn void memory_wrong(const volatile uint32_t *word, uint32_t expected, uint32_t found);

#endif
