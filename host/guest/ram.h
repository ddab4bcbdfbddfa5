/* SPDX-License-Identifier: Apache-2.0 */
/* The RAM of the machine, and who else had a hand in it. */
#ifndef MT_GUEST_RAM_H
#define MT_GUEST_RAM_H

#include <stdbool.h>
#include <stdint.h>

/* Firmware ran before the program did: what it did not need for itself is not zero, either. */
bool ram_has_firmware(void);

/* Where the program's part ends, below 4 GiB and below what firmware keeps at the end. */
uint32_t ram_end(void);

#endif
