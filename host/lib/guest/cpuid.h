/* SPDX-License-Identifier: Apache-2.0 */
/* What the guest tells of CPUID: all leaves as they were at its start, or what differs now. */
#ifndef MT_LIB_GUEST_CPUID_H
#define MT_LIB_GUEST_CPUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MT_CPUID_REGISTERS 4

struct mt_cpuid_leaf {
    uint32_t leaf;
    uint32_t subleaf;
    uint32_t words[MT_CPUID_REGISTERS]; /* eax, ebx, ecx, edx */
};

struct mt_cpuid_difference {
    uint32_t leaf;
    uint32_t subleaf;
    uint32_t which; /* of the four registers */
    uint32_t before;
    uint32_t now;
};

struct mt_cpuid {
    struct mt_cpuid_leaf *leaves;
    size_t leaf_count;
    struct mt_cpuid_difference *differences;
    size_t difference_count;
    bool judged; /* an oracle has judged these differences */
};

/* Each adds the fields of a line of contract.h. Returns false if the line has other fields. */
bool mt_cpuid_add_leaf(struct mt_cpuid *cpuid, const char *fields);
bool mt_cpuid_add_difference(struct mt_cpuid *cpuid, const char *fields);

void mt_cpuid_forget_leaves(struct mt_cpuid *cpuid);
void mt_cpuid_forget_differences(struct mt_cpuid *cpuid);
void mt_cpuid_clear(struct mt_cpuid *cpuid);

/* A register of a leaf; zero if the leaf is not there. */
uint32_t mt_cpuid_word(const struct mt_cpuid *cpuid, uint32_t leaf, uint32_t subleaf,
                       uint32_t which);

#endif
