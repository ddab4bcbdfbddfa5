/* SPDX-License-Identifier: Apache-2.0 */
/* The last thing that the program says: it found its memory wrong. */
#ifndef MT_GUEST_COMMON_COMPLAINT_H
#define MT_GUEST_COMMON_COMPLAINT_H

#include <stdint.h>

/* Tells the host the address, what the word must hold and what it holds, and halts. */
_Noreturn void complain_of_memory(const volatile uint32_t *word, uint32_t expected, uint32_t found);

#endif
