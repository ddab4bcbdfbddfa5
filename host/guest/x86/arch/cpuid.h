/* SPDX-License-Identifier: Apache-2.0 */
/* What the CPU says of itself: it is asked once, at the start, and then for comparing alone. */
#ifndef MT_GUEST_X86_ARCH_CPUID_H
#define MT_GUEST_X86_ARCH_CPUID_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/kept.h"

enum cpuid_register {
    CPUID_EAX,
    CPUID_EBX,
    CPUID_ECX,
    CPUID_EDX,
};

enum cpu_feature {
    FEATURE_KVM, /* KVM says that it runs this, as it does unless it was told to keep quiet */
    FEATURE_DE,
    FEATURE_PSE,
    FEATURE_TSC,
    FEATURE_MSR,
    FEATURE_MCE,
    FEATURE_APIC,
    FEATURE_SEP,
    FEATURE_MTRR,
    FEATURE_PGE,
    FEATURE_MCA,
    FEATURE_PAT,
    FEATURE_FXSR,
    FEATURE_SSE,
    FEATURE_XSAVE,
    FEATURE_YMM, /* AVX, and a state of that size */
    FEATURE_PKU,
    FEATURE_SYSCALL,
    FEATURE_NX,
    FEATURE_RDTSCP,
    FEATURE_LM,
    FEATURE_SVM,
};

/* Whether the CPU had it at the start. */
static inline bool cpu_has(enum cpu_feature feature)
{
    return (kept.features >> feature & 1) != 0;
}

/* Asks the CPU what it has. */
void cpuid_decide(void);

/* The CPU refused what that feature promises: at the start it then has none of it. */
void cpuid_take_back(enum cpu_feature feature);

/*
 * Before control register 4 is written to: where a CPU lacks XSAVE, or has it without any of its
 * extensions, TCG refuses to have it switched on by coming back to the instruction for ever.
 */
void cpuid_expect_xsave(void);

/* Keeps every leaf as it is now: some show what the program has switched on. */
void cpuid_keep(void);

#endif
