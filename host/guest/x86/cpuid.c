/* SPDX-License-Identifier: Apache-2.0 */
#include "arch/cpuid.h"

#include "guest/common/machine.h"
#include "guest/common/notes.h"
#include "guest/common/serial.h"

#define HYPERVISOR_LEAF 0x40000000
#define KVM_SIGNATURE 0x4b4d564b /* of "KVMKVMKVM" */
#define XSAVE 0x04000000         /* of leaf 1, ecx */
#define EXTENDED_LEAF 0x80000000
#define STATE_LEAF 0xd
#define STATE_EXTENSIONS 1 /* its subleaf */
#define STATE_OF_YMM 0x7   /* x87, SSE, AVX */

/* A range that ends so far from where it begins is none, but the answer of a leaf that is not. */
#define MOST_IN_RANGE 0x100

static struct cpuid_leaf read_leaf(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid_leaf read = {.leaf = leaf, .subleaf = subleaf};

    __asm__ volatile("cpuid"
                     : "=a"(read.words[CPUID_EAX]), "=b"(read.words[CPUID_EBX]),
                       "=c"(read.words[CPUID_ECX]), "=d"(read.words[CPUID_EDX])
                     : "a"(leaf), "c"(subleaf));
    return read;
}

static const uint32_t ranges[] = {0, HYPERVISOR_LEAF, EXTENDED_LEAF};

#define RANGES (sizeof(ranges) / sizeof(ranges[0]))

/* How many leaves each of them has. */
struct counts {
    uint32_t of[RANGES];
};

static struct counts count_leaves(void)
{
    struct counts counts;

    for (unsigned i = 0; i < RANGES; i++) {
        uint32_t last = read_leaf(ranges[i], 0).words[CPUID_EAX];
        counts.of[i] = last - ranges[i] < MOST_IN_RANGE ? last - ranges[i] + 1 : 0;
    }
    return counts;
}

/* Of a leaf that is not there each register is zero: CPUs then show another leaf's. */
static struct cpuid_leaf leaf_now(const struct counts *counts, uint32_t leaf, uint32_t subleaf)
{
    for (unsigned i = 0; i < RANGES; i++) {
        if (leaf - ranges[i] < counts->of[i]) {
            return read_leaf(leaf, subleaf);
        }
    }
    return (struct cpuid_leaf){.leaf = leaf, .subleaf = subleaf};
}

static const struct {
    enum cpu_feature feature;
    uint32_t leaf;
    enum cpuid_register which;
    unsigned bit;
} promises[] = {
    {FEATURE_DE, 1, CPUID_EDX, 2},
    {FEATURE_PSE, 1, CPUID_EDX, 3},
    {FEATURE_TSC, 1, CPUID_EDX, 4},
    {FEATURE_MSR, 1, CPUID_EDX, 5},
    {FEATURE_MCE, 1, CPUID_EDX, 7},
    {FEATURE_APIC, 1, CPUID_EDX, 9},
    {FEATURE_SEP, 1, CPUID_EDX, 11},
    {FEATURE_MTRR, 1, CPUID_EDX, 12},
    {FEATURE_PGE, 1, CPUID_EDX, 13},
    {FEATURE_MCA, 1, CPUID_EDX, 14},
    {FEATURE_PAT, 1, CPUID_EDX, 16},
    {FEATURE_FXSR, 1, CPUID_EDX, 24},
    {FEATURE_SSE, 1, CPUID_EDX, 25},
    {FEATURE_XSAVE, 1, CPUID_ECX, 26},
    {FEATURE_YMM, 1, CPUID_ECX, 28},
    {FEATURE_PKU, 7, CPUID_ECX, 3},
    {FEATURE_SYSCALL, EXTENDED_LEAF + 1, CPUID_EDX, 11},
    {FEATURE_NX, EXTENDED_LEAF + 1, CPUID_EDX, 20},
    {FEATURE_RDTSCP, EXTENDED_LEAF + 1, CPUID_EDX, 27},
    {FEATURE_LM, EXTENDED_LEAF + 1, CPUID_EDX, 29},
    {FEATURE_SVM, EXTENDED_LEAF + 1, CPUID_ECX, 2},
};

static void take_back(enum cpu_feature feature)
{
    kept.features &= ~(UINT32_C(1) << feature);
}

static bool runs_under_kvm(void)
{
    return read_leaf(HYPERVISOR_LEAF, 0).words[CPUID_EBX] == KVM_SIGNATURE;
}

static bool has_xsave(const struct counts *counts)
{
    return (leaf_now(counts, 1, 0).words[CPUID_ECX] & XSAVE) != 0 &&
           leaf_now(counts, STATE_LEAF, STATE_EXTENSIONS).words[CPUID_EAX] != 0;
}

void cpuid_expect_xsave(void)
{
    if (cpu_has(FEATURE_XSAVE)) {
        struct counts counts = count_leaves();
        if (!has_xsave(&counts)) {
            notes_tell_refused("cr4");
        }
    }
}

/*
 * More than KVM's own interpreter knows cannot be relied on under it: there are software KVMs that
 * promise AVX and protection keys, and end at the first instruction of theirs.
 */
void cpuid_decide(void)
{
    struct counts counts = count_leaves();
    uint32_t features = 0;

    for (unsigned i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
        struct cpuid_leaf leaf = leaf_now(&counts, promises[i].leaf, 0);
        uint32_t word = leaf.words[promises[i].which];
        features |= (word >> promises[i].bit & 1) << promises[i].feature;
    }
    kept.features = features;
    kept.refused_msr_count = 0;
    if (runs_under_kvm()) {
        kept.features |= 1 << FEATURE_KVM;
        take_back(FEATURE_XSAVE);
        take_back(FEATURE_PKU);
    }
    uint32_t states = leaf_now(&counts, STATE_LEAF, 0).words[CPUID_EAX];
    if (!has_xsave(&counts)) {
        take_back(FEATURE_XSAVE);
    }
    if (!cpu_has(FEATURE_XSAVE) || (states & STATE_OF_YMM) != STATE_OF_YMM) {
        take_back(FEATURE_YMM);
    }
}

void cpuid_take_back(enum cpu_feature feature)
{
    take_back(feature);
    if (feature == FEATURE_XSAVE) {
        take_back(FEATURE_YMM);
    }
}

/* Leaves with subleaves, of which so many are looked at. */
static const struct {
    uint32_t leaf;
    uint32_t count;
} subleaves[] = {
    {0x04, 8}, {0x07, 3}, {0x0b, 3}, {0x0d, 20}, {0x12, 3},       {0x14, 2},
    {0x17, 4}, {0x18, 4}, {0x1d, 2}, {0x1f, 5},  {0x8000001d, 5},
};

static uint32_t count_subleaves(uint32_t leaf)
{
    for (unsigned i = 0; i < sizeof(subleaves) / sizeof(subleaves[0]); i++) {
        if (subleaves[i].leaf == leaf) {
            return subleaves[i].count;
        }
    }
    return 1;
}

static bool is_zero(const struct cpuid_leaf *leaf)
{
    return (leaf->words[0] | leaf->words[1] | leaf->words[2] | leaf->words[3]) == 0;
}

/* All that are there now and show something. */
static void each_leaf(const struct counts *counts, void (*visit)(const struct cpuid_leaf *leaf))
{
    for (unsigned i = 0; i < RANGES; i++) {
        for (uint32_t leaf = ranges[i]; leaf < ranges[i] + counts->of[i]; leaf++) {
            for (uint32_t subleaf = 0; subleaf < count_subleaves(leaf); subleaf++) {
                struct cpuid_leaf now = read_leaf(leaf, subleaf);
                if (!is_zero(&now)) {
                    visit(&now);
                }
            }
        }
    }
}

static void keep(const struct cpuid_leaf *leaf)
{
    if (kept.leaf_count < MT_GUEST_MOST_LEAVES) {
        kept.leaves[kept.leaf_count] = *leaf;
        kept.leaf_count++;
    }
}

void cpuid_keep(void)
{
    struct counts counts = count_leaves();

    kept.leaf_count = 0;
    each_leaf(&counts, keep);
}

static void tell_difference(const struct cpuid_leaf *before, const struct cpuid_leaf *now)
{
    for (uint32_t i = 0; i < 4; i++) {
        if (now->words[i] != before->words[i]) {
            serial_begin(MT_GUEST_CPUID_DIFFERS);
            serial_write_field(now->leaf);
            serial_write_field(now->subleaf);
            serial_write_field(i);
            serial_write_field(before->words[i]);
            serial_write_field(now->words[i]);
            serial_end();
        }
    }
}

static void tell_new(const struct cpuid_leaf *leaf)
{
    const struct cpuid_leaf nothing = {0};

    for (uint32_t i = 0; i < kept.leaf_count; i++) {
        if (kept.leaves[i].leaf == leaf->leaf && kept.leaves[i].subleaf == leaf->subleaf) {
            return;
        }
    }
    tell_difference(&nothing, leaf);
}

void machine_tell_differences(void)
{
    struct counts counts = count_leaves();

    for (uint32_t i = 0; i < kept.leaf_count; i++) {
        struct cpuid_leaf before = kept.leaves[i];
        struct cpuid_leaf now = leaf_now(&counts, before.leaf, before.subleaf);
        tell_difference(&before, &now);
    }
    if (kept.leaf_count < MT_GUEST_MOST_LEAVES) {
        each_leaf(&counts, tell_new);
    }
}

void machine_identify(void)
{
    for (uint32_t i = 0; i < kept.leaf_count; i++) {
        serial_begin(MT_GUEST_CPUID);
        serial_write_field(kept.leaves[i].leaf);
        serial_write_field(kept.leaves[i].subleaf);
        for (unsigned j = 0; j < 4; j++) {
            serial_write_field(kept.leaves[i].words[j]);
        }
        serial_end();
    }
}
