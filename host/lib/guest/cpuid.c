/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/guest/cpuid.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "guest/contract.h"

enum { MOST_DIFFERENCES = 2 * MT_GUEST_MOST_LEAVES * MT_CPUID_REGISTERS };

bool mt_cpuid_add_leaf(struct mt_cpuid *cpuid, const char *fields)
{
    struct mt_cpuid_leaf leaf;

    if (sscanf(fields, "%8" SCNx32 " %8" SCNx32 " %8" SCNx32 " %8" SCNx32 " %8" SCNx32 " %8" SCNx32,
               &leaf.leaf, &leaf.subleaf, &leaf.words[0], &leaf.words[1], &leaf.words[2],
               &leaf.words[3]) != 6) {
        return false;
    }
    if (cpuid->leaf_count < MT_GUEST_MOST_LEAVES) {
        cpuid->leaves = mt_realloc(cpuid->leaves, cpuid->leaf_count + 1, sizeof(*cpuid->leaves));
        cpuid->leaves[cpuid->leaf_count++] = leaf;
    }
    return true;
}

bool mt_cpuid_add_difference(struct mt_cpuid *cpuid, const char *fields)
{
    struct mt_cpuid_difference difference;

    if (sscanf(fields, "%8" SCNx32 " %8" SCNx32 " %8" SCNx32 " %8" SCNx32 " %8" SCNx32,
               &difference.leaf, &difference.subleaf, &difference.which, &difference.before,
               &difference.now) != 5 ||
        difference.which >= MT_CPUID_REGISTERS) {
        return false;
    }
    if (cpuid->difference_count < MOST_DIFFERENCES) {
        cpuid->differences = mt_realloc(cpuid->differences, cpuid->difference_count + 1,
                                        sizeof(*cpuid->differences));
        cpuid->differences[cpuid->difference_count++] = difference;
    }
    return true;
}

void mt_cpuid_forget_leaves(struct mt_cpuid *cpuid)
{
    free(cpuid->leaves);
    cpuid->leaves = NULL;
    cpuid->leaf_count = 0;
}

void mt_cpuid_forget_differences(struct mt_cpuid *cpuid)
{
    free(cpuid->differences);
    cpuid->differences = NULL;
    cpuid->difference_count = 0;
    cpuid->judged = false;
}

void mt_cpuid_clear(struct mt_cpuid *cpuid)
{
    mt_cpuid_forget_leaves(cpuid);
    mt_cpuid_forget_differences(cpuid);
}

uint32_t mt_cpuid_word(const struct mt_cpuid *cpuid, uint32_t leaf, uint32_t subleaf,
                       uint32_t which)
{
    for (size_t i = 0; i < cpuid->leaf_count; i++) {
        if (cpuid->leaves[i].leaf == leaf && cpuid->leaves[i].subleaf == subleaf) {
            return cpuid->leaves[i].words[which];
        }
    }
    return 0;
}
