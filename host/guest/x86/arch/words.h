/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of words, by string instructions: software KVMs interpret each instruction. */
#ifndef MT_GUEST_X86_ARCH_WORDS_H
#define MT_GUEST_X86_ARCH_WORDS_H

#include <stdbool.h>
#include <stdint.h>

typedef volatile uint32_t *word_run;

static inline void words_copy(word_run to, word_run from, unsigned count)
{
    __asm__ volatile("cld; rep movsl" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
}

static inline void words_set(word_run to, uint32_t value, unsigned count)
{
    __asm__ volatile("cld; rep stosl" : "+D"(to), "+c"(count) : "a"(value) : "memory");
}

/* The first word that differs, or NULL. */
static inline word_run words_differ(word_run found, word_run expected, unsigned count)
{
    bool same;

    __asm__ volatile("cld; cmpl %%eax, %%eax; repe cmpsl"
                     : "+D"(found), "+S"(expected), "+c"(count), "=@ccz"(same)
                     :
                     : "memory");
    return same ? (word_run)0 : found - 1;
}

static inline word_run words_differ_from(word_run found, uint32_t expected, unsigned count)
{
    bool same;

    __asm__ volatile("cld; cmpl %%eax, %%eax; repe scasl"
                     : "+D"(found), "+c"(count), "=@ccz"(same)
                     : "a"(expected)
                     : "memory");
    return same ? (word_run)0 : found - 1;
}

/* Compared in place, and added to with one write, whatever the compiler makes of the rest. */
static inline bool word_is(word_run word, uint32_t expected)
{
    bool same;

    __asm__ volatile("cmpl %2, %1" : "=@cce"(same) : "m"(*word), "ri"(expected));
    return same;
}

static inline void word_add(word_run word, uint32_t addend)
{
    __asm__ volatile("addl %1, %0" : "+m"(*word) : "ri"(addend));
}

#endif
