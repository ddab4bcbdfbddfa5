/* SPDX-License-Identifier: Apache-2.0 */
/* Passes over the test range: from one generation to the next. */
#ifndef MT_GUEST_COMMON_PASS_H
#define MT_GUEST_COMMON_PASS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Takes all pages from the generation before to this generation, one after the other, upwards. Each
 * word that the pass reads is compared. The group that begins a new epoch is checked as a whole
 * before it is written. `beat`: the pass sends beats to the host.
 */
void pass_over_all(uint32_t generation, bool beat);

/* The same for one page; the first page of the range has the index 0. */
void pass_over_page(unsigned index, uint32_t generation);

/* Checks these pages in the generation before, and writes them as a whole in this generation. */
void pass_rewrite(unsigned start, unsigned end, uint32_t before, uint32_t generation);

#endif
