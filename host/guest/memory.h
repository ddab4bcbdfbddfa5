/* SPDX-License-Identifier: Apache-2.0 */
/* The test range: filled once, changed in every pass, checked on demand. */
#ifndef MT_GUEST_MEMORY_H
#define MT_GUEST_MEMORY_H

#include <stdint.h>

/* Gives all pages their content of this generation; what is zero in it is so since power-on. */
void memory_fill(uint32_t generation);

/* Takes all pages from this generation to the next; a page of another generation is reported. */
void memory_pass(uint32_t generation);

/* Compares every word of all pages, which must be of this generation. */
void memory_check(uint32_t generation);

/* Says so to the host and halts. */
_Noreturn void memory_wrong(const volatile uint32_t *word, uint32_t expected, uint32_t found);

#endif
