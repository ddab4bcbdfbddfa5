/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the program decides once, at its start, and then goes by: it must not ask the hardware
 * again, as after a migration that may answer otherwise. It lies where no firmware writes to at a
 * wake or a reset: SeaBIOS clears CMOS and RAM from 0x7000 on, but nothing below its stack.
 */
#ifndef MT_GUEST_X86_ARCH_KEPT_H
#define MT_GUEST_X86_ARCH_KEPT_H

#include <stdint.h>

#include "guest/contract.h"

#define MOST_REFUSED_MSRS 64 /* more than there are in the lists of msr.c */

struct cpuid_leaf {
    uint32_t leaf;
    uint32_t subleaf;
    uint32_t words[4]; /* by enum cpuid_register */
};

struct kept {
    uint32_t generation; /* of a suspend, see power.c */
    uint32_t seal;
    uint32_t started; /* the mark of a program that has run */
    uint32_t decided; /* all below is; what is refused from then on is reported */
    uint32_t features;
    uint32_t has_firmware;
    uint32_t ram_end;
    uint32_t refused_msr_count; /* that CPUID promised and the CPU refused at the start */
    uint32_t refused_msrs[MOST_REFUSED_MSRS];
    uint32_t leaf_count;
    struct cpuid_leaf leaves[MT_GUEST_MOST_LEAVES];
};

_Static_assert(sizeof(struct kept) <= MT_GUEST_KEPT_END - MT_GUEST_KEPT, "all of it has its place");

/* Placed by program.ld. */
extern volatile struct kept kept;

#endif
