/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/memory.h"

#include <stdbool.h>

#include "guest/contract.h"
#include "guest/io.h"
#include "guest/serial.h"

/* Volatile, as the compiler cannot know that a migration may change memory under the program. */
typedef volatile uint32_t *page_words;

/* Software KVMs interpret each instruction: the fewer a page takes, the better. */
#define UNROLLED _Pragma("GCC unroll 16")

static const page_words first_page = (page_words)MT_GUEST_TEST_START;
static const page_words end_of_pages = (page_words)MT_GUEST_TEST_END;

static inline uint32_t expected_word(page_words page, unsigned index, uint32_t generation)
{
    switch (index) {
    case MT_GUEST_GENERATION_WORD:
        return generation;
    case MT_GUEST_HEAD_WORD:
        return MT_GUEST_HEAD((uint32_t)page);
    case MT_GUEST_TAIL_WORD:
        return MT_GUEST_TAIL((uint32_t)page);
    default:
        return 0;
    }
}

static inline void fill_word(page_words page, unsigned index, uint32_t generation)
{
    page[index] = expected_word(page, index, generation);
}

void memory_fill(uint32_t generation)
{
    UNROLLED
    for (page_words page = first_page; page < end_of_pages; page += MT_GUEST_PAGE_WORDS) {
        fill_word(page, MT_GUEST_GENERATION_WORD, generation);
        fill_word(page, MT_GUEST_HEAD_WORD, generation);
        fill_word(page, MT_GUEST_TAIL_WORD, generation);
    }
}

/*
 * See io.h: TCG before 9.0 forgets to notice writes to pages whose translations it has. It has few
 * of so many pages at first, but makes room for all of them in the course of several migrations:
 * the fifth from one 7.2 lost every page. Any change of this bit drops all; it costs nothing here,
 * and the second one, which restores the bit, finds nothing to drop.
 */
static void drop_all_translations(void)
{
    const uint32_t page_size_extensions = 0x10;
    uint32_t control;

    __asm__ volatile("movl %%cr4, %0" : "=r"(control));
    __asm__ volatile("movl %0, %%cr4" : : "r"(control ^ page_size_extensions) : "memory");
    __asm__ volatile("movl %0, %%cr4" : : "r"(control) : "memory");
}

void memory_pass(uint32_t generation)
{
    drop_all_translations();
    UNROLLED
    for (page_words page = first_page; page < end_of_pages; page += MT_GUEST_PAGE_WORDS) {
        uint32_t found = page[MT_GUEST_GENERATION_WORD];
        if (found != generation) {
            memory_wrong(&page[MT_GUEST_GENERATION_WORD], generation, found);
        }
        page[MT_GUEST_GENERATION_WORD] = generation + 1;
    }
}

static inline void check_word(page_words page, unsigned index, uint32_t generation)
{
    uint32_t expected = expected_word(page, index, generation);
    uint32_t found = page[index];

    if (found != expected) {
        memory_wrong(&page[index], expected, found);
    }
}

/* The first word from start on that is not zero, or end; a string instruction for its speed. */
static unsigned skip_zeros(page_words page, unsigned start, unsigned end)
{
    page_words word = &page[start];
    unsigned left = end - start;
    bool all_zero;

    __asm__ volatile("cld; repe scasl"
                     : "+D"(word), "+c"(left), "=@ccz"(all_zero)
                     : "a"(0)
                     : "memory");
    return all_zero ? end : end - left - 1;
}

static void check_page(page_words page, uint32_t generation)
{
    check_word(page, MT_GUEST_GENERATION_WORD, generation);
    check_word(page, MT_GUEST_HEAD_WORD, generation);
    check_word(page, skip_zeros(page, MT_GUEST_HEAD_WORD + 1, MT_GUEST_TAIL_WORD), generation);
}

void memory_check(uint32_t generation)
{
    for (page_words page = first_page; page < end_of_pages; page += MT_GUEST_PAGE_WORDS) {
        check_page(page, generation);
    }
}

_Noreturn void memory_wrong(const volatile uint32_t *word, uint32_t expected, uint32_t found)
{
    serial_write_patiently(MT_GUEST_WRONG);
    serial_write_hex((uint32_t)word);
    serial_write_patiently(' ');
    serial_write_hex(expected);
    serial_write_patiently(' ');
    serial_write_hex(found);
    serial_write_patiently('\n');
    halt();
}
