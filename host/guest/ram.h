/* SPDX-License-Identifier: Apache-2.0 */
/* The RAM of the machine, and who else had a hand in it. */
#ifndef MT_GUEST_RAM_H
#define MT_GUEST_RAM_H

#include <stdbool.h>
#include <stdint.h>

/* Finds out both of what follows. */
void ram_decide(void);

/* Firmware ran before the program did: what it did not need for itself is not zero, either. */
bool ram_has_firmware(void);

/* What it keeps at the end of RAM: SeaBIOS has its tables in the last 256 KiB. */
#define RAM_KEPT_BY_FIRMWARE 0x80000

#define RAM_LOW_END 0x000a0000 /* above it, up to 1 MiB, is no RAM */

/* Where the program's part ends, below 4 GiB and below what firmware keeps at the end. */
uint32_t ram_end(void);

#endif
