/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/ram.h"

#include "guest/cmos.h"
#include "guest/contract.h"

#define CMOS_ABOVE_16_MIB 0x34 /* and 0x35: what there is of it below 4 GiB, in units of 64 KiB */

/* SeaBIOS has its tables in the last 256 KiB. */
#define KEPT_BY_FIRMWARE 0x80000

/* Enough to tell the program from any firmware. */
#define COMPARED_WORDS 16

bool ram_has_firmware(void)
{
    const volatile uint32_t *rom = (const volatile uint32_t *)MT_GUEST_ROM;
    const volatile uint32_t *program = (const volatile uint32_t *)MT_GUEST_PROGRAM;

    for (unsigned i = 0; i < COMPARED_WORDS; i++) {
        if (rom[i] != program[i]) {
            return true;
        }
    }
    return false;
}

uint32_t ram_end(void)
{
    uint32_t units = cmos_read(CMOS_ABOVE_16_MIB) | (uint32_t)cmos_read(CMOS_ABOVE_16_MIB + 1) << 8;

    return 0x01000000 + (units << 16) - (ram_has_firmware() ? KEPT_BY_FIRMWARE : 0);
}
