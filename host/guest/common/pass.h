/* SPDX-License-Identifier: Apache-2.0 */
/* Passes over the test range: from one generation to the next. */
#ifndef MT_GUEST_COMMON_PASS_H
#define MT_GUEST_COMMON_PASS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Takes all pages from the generation before to this one, one after the other, upwards. What it
 * reads on the way is compared with what must be there; the group that is written anew is checked
 * as a whole before. It says so on its way if it is to beat.
 */
void pass_over_all(uint32_t generation, bool beat);

/* The same for that page alone, from the first of the range on. */
void pass_over_page(unsigned index, uint32_t generation);

/* Checks these pages as of the generation before, and writes them as a whole as of this one. */
void pass_write_anew(unsigned start, unsigned end, uint32_t before, uint32_t generation);

#endif
