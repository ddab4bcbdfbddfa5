/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The content of the pages of the test range. Each word is a function of its address and of the
 * generation of its page, so a check needs to know nothing else.
 *
 * Most pages are random: a piece of a table of numbers, from an offset that no other page has. Each
 * new generation adds a fixed number to one word of a page. The place of this word moves through
 * the eighths of the page in turn: 32 generations change each eighth, and 1024 each word. Because
 * the number is added, a wrong word stays wrong until the next pass or check finds it.
 *
 * In each generation one group of pages is written again as a whole, from another place in the
 * table. This begins a new epoch of the group. Before its first epoch a page is zero except for the
 * added numbers, so that a guest on a slow accelerator starts fast. A few pages are random from the
 * start.
 */
#ifndef MT_GUEST_COMMON_PAGES_H
#define MT_GUEST_COMMON_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/contract.h"

/* Volatile, as the compiler cannot know that a migration may change memory under the program. */
typedef volatile uint32_t *page_words;

#define PAGES_IN_GROUP 32
#define GROUPS (MT_GUEST_PAGES / PAGES_IN_GROUP)
#define GENERATIONS_IN_EPOCH 1024 /* more than there are groups, and as many as words in a page */

/* The table: each word is its index times an odd number, so no two are alike. */
#define TABLE ((page_words)MT_GUEST_TABLE)
#define TABLE_WORDS ((MT_GUEST_TABLE_END - MT_GUEST_TABLE) / 4)
#define TABLE_FACTOR 0x9e3779b1

/* The number that is added. The sum stands in the table at this distance from each word. */
#define ADDED_DISTANCE 8191
#define ADDEND (ADDED_DISTANCE * TABLE_FACTOR)

/* The kind of a page follows from its place in the group. */
enum page_kind {
    PAGE_RANDOM,
    PAGE_RANDOM_EARLY, /* random from the start */
    PAGE_DUPLICATE,    /* the same as the next page */
    PAGE_ZERO,         /* always zero; zeros are written to it */
    PAGE_BYTES,        /* one byte, repeated; another byte in each epoch */
    PAGE_BLINKING,     /* zero in even generations; zero except for one word in odd generations */
    PAGE_FADING,       /* zero in odd epochs, random in even epochs */
};

static inline enum page_kind page_kind(unsigned place)
{
    switch (place) {
    case 5:
        return PAGE_ZERO;
    case 13:
        return PAGE_BLINKING;
    case 18:
        return PAGE_FADING;
    case 21:
        return PAGE_BYTES;
    case 26:
        return PAGE_DUPLICATE;
    case 9:
    case 26 + 1:
        return PAGE_RANDOM_EARLY;
    default:
        return PAGE_RANDOM;
    }
}

/*
 * The word that a generation changes. Several generations in a row change words in the same cache
 * line of the host, because a large part of the cost of a pass is to fetch lines.
 */
#define EIGHTH_WORDS (MT_GUEST_PAGE_WORDS / 8)
#define GENERATIONS_IN_LINE 4
#define GENERATIONS_IN_ROUND (GENERATIONS_IN_LINE * 8)
static inline unsigned page_place(uint32_t generation)
{
    unsigned eighth = generation / GENERATIONS_IN_LINE % 8;
    unsigned line = generation / GENERATIONS_IN_ROUND * GENERATIONS_IN_LINE;

    return eighth * EIGHTH_WORDS + (line + generation % GENERATIONS_IN_LINE) % EIGHTH_WORDS;
}

/* 0 until the group is written again for the first time. */
static inline uint32_t group_epoch(unsigned group, uint32_t generation)
{
    return (generation + GENERATIONS_IN_EPOCH - group) / GENERATIONS_IN_EPOCH;
}

/* Where the piece of the group's first page begins in the table. Each further page: two words on.
 */
#define TABLE_STEP 2
static inline unsigned group_table_offset(unsigned group, uint32_t epoch)
{
    return group * PAGES_IN_GROUP * TABLE_STEP + epoch % 1024;
}

static inline uint32_t bytes_of_epoch(uint32_t epoch)
{
    return (epoch % 255 + 1) * 0x01010101;
}

/* Writes all pages of the first generation. `are_zero`: RAM is zero, as at power-on. */
void pages_fill(bool are_zero);

/* Writes the whole page. */
void page_fill(unsigned index, uint32_t generation);

/* Compares every word of these pages. A wrong word is reported, and the guest halts. */
void pages_check(unsigned start, unsigned end, uint32_t generation);

#endif
