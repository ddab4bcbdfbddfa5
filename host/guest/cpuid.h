/* SPDX-License-Identifier: Apache-2.0 */
/* What the CPU says it has; what is asked of a leaf that it lacks, it lacks too. */
#ifndef MT_GUEST_CPUID_H
#define MT_GUEST_CPUID_H

#include <stdbool.h>
#include <stdint.h>

enum cpuid_register {
    CPUID_EAX,
    CPUID_EBX,
    CPUID_ECX,
    CPUID_EDX,
};

static inline uint32_t cpuid_raw(uint32_t leaf, enum cpuid_register which)
{
    uint32_t words[4];

    __asm__ volatile("cpuid"
                     : "=a"(words[CPUID_EAX]), "=b"(words[CPUID_EBX]), "=c"(words[CPUID_ECX]),
                       "=d"(words[CPUID_EDX])
                     : "a"(leaf), "c"(0));
    return words[which];
}

static inline uint32_t cpuid(uint32_t leaf, enum cpuid_register which)
{
    uint32_t last = cpuid_raw(leaf & 0x80000000, CPUID_EAX);

    return last >= leaf && (last ^ leaf) < 0x80000000 ? cpuid_raw(leaf, which) : 0;
}

static inline bool cpuid_bit(uint32_t leaf, enum cpuid_register which, unsigned bit)
{
    return (cpuid(leaf, which) >> bit & 1) != 0;
}

/* Whether KVM says that it runs this, as it does unless it was told to keep quiet. */
static inline bool cpuid_is_kvm(void)
{
    const uint32_t hypervisor_leaf = 0x40000000;
    const uint32_t signature = 0x4b4d564b; /* of "KVMKVMKVM" */

    return cpuid_raw(hypervisor_leaf, CPUID_EBX) == signature;
}

/*
 * Whether more can be relied on than KVM's own interpreter knows: there are software KVMs that
 * promise AVX and protection keys, and end at the first instruction of theirs.
 */
static inline bool has_modern_instructions(void)
{
    return !cpuid_is_kvm();
}

#define HAS_DE cpuid_bit(1, CPUID_EDX, 2)
#define HAS_PSE cpuid_bit(1, CPUID_EDX, 3)
#define HAS_TSC cpuid_bit(1, CPUID_EDX, 4)
#define HAS_MSR cpuid_bit(1, CPUID_EDX, 5)
#define HAS_MCE cpuid_bit(1, CPUID_EDX, 7)
#define HAS_APIC cpuid_bit(1, CPUID_EDX, 9)
#define HAS_SEP cpuid_bit(1, CPUID_EDX, 11)
#define HAS_MTRR cpuid_bit(1, CPUID_EDX, 12)
#define HAS_PGE cpuid_bit(1, CPUID_EDX, 13)
#define HAS_MCA cpuid_bit(1, CPUID_EDX, 14)
#define HAS_PAT cpuid_bit(1, CPUID_EDX, 16)
#define HAS_FXSR cpuid_bit(1, CPUID_EDX, 24)
#define HAS_SSE cpuid_bit(1, CPUID_EDX, 25)
#define HAS_XSAVE (cpuid_bit(1, CPUID_ECX, 26) && has_modern_instructions())
#define HAS_AVX cpuid_bit(1, CPUID_ECX, 28)
#define HAS_PKU (cpuid_bit(7, CPUID_ECX, 3) && has_modern_instructions())
#define HAS_SYSCALL cpuid_bit(0x80000001, CPUID_EDX, 11)
#define HAS_NX cpuid_bit(0x80000001, CPUID_EDX, 20)
#define HAS_RDTSCP cpuid_bit(0x80000001, CPUID_EDX, 27)
#define HAS_LM cpuid_bit(0x80000001, CPUID_EDX, 29)
#define HAS_SVM cpuid_bit(0x80000001, CPUID_ECX, 2)

#endif
