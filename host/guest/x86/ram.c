/* SPDX-License-Identifier: Apache-2.0 */
/* The RAM of the machine, and whether firmware has used it. */
#include "arch/cpuid.h"
#include "guest/common/machine.h"

#include "arch/kept.h"
#include "guest/contract.h"
#include "guest/x86/cmos.h"

#define CMOS_ABOVE_16_MIB 0x34 /* and 0x35: what there is of it below 4 GiB, in units of 64 KiB */

/* Enough to tell the program from any firmware. */
#define COMPARED_WORDS 16

static bool has_firmware(void)
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

static uint32_t find_end(void)
{
    uint32_t units = cmos_read(CMOS_ABOVE_16_MIB) | (uint32_t)cmos_read(CMOS_ABOVE_16_MIB + 1) << 8;

    return 0x01000000 + (units << 16) - (kept.has_firmware ? RAM_KEPT_BY_FIRMWARE : 0);
}

void machine_decide(void)
{
    cpuid_decide();
    kept.has_firmware = has_firmware();
    kept.ram_end = find_end();
}

bool ram_has_firmware(void)
{
    return kept.has_firmware;
}

uint32_t ram_end(void)
{
    return kept.ram_end;
}
