/* SPDX-License-Identifier: Apache-2.0 */
/* All memory that the program gives contents: the test range, and what is written once. */
#ifndef MT_GUEST_MEMORY_H
#define MT_GUEST_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/dirtying.h"

/* Gives all of it its content of the first generation; `are_zero`: as RAM is at power-on. */
void memory_fill(bool are_zero);

/* After a wake: where firmware ran, it has used what is written once, so that is written again. */
void memory_wake(void);

/* Compares every word of it; the pages that are dirtied must be of this generation. */
void memory_check(const struct dirtying *dirtying, uint32_t generation);

/*
 * Sees to it that QEMU notices what was last written to the page. See io.h: what the program writes
 * to it in between, while a migration collects dirty pages, may be lost.
 */
static inline void memory_settle_page(uint32_t address)
{
    __asm__ volatile("invlpg (%0); addl $0, (%0)" : : "r"(address) : "cc", "memory");
}

/* The same for all that a start writes to and a pass does not. */
void memory_settle(void);

/* Says so to the host and halts. */
_Noreturn void memory_wrong(const volatile uint32_t *word, uint32_t expected, uint32_t found);

#endif
