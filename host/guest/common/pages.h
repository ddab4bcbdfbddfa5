/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the pages of the test range hold: each word is a function of its address and of the page's
 * generation, so that a check needs to know nothing else.
 *
 * Most pages are random: a piece of a table of numbers, from an offset that no other page has.
 * Each new generation changes one word of a page by a fixed addend. Its place moves through all
 * eighths of the page in turn, so that 32 generations change each of them, and 1024 each word.
 * As it is added to, a word that was wrong before stays wrong, and the next pass or check sees it.
 *
 * In each generation one group of pages is written anew as a whole, from another place in the
 * table: its epoch. Until a page's first time it is zero but for what was added, so that a guest on
 * a slow accelerator starts fast; a few are random from the start.
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

/* What is added; so many words on in the table stands that sum of each of its words. */
#define ADDED_DISTANCE 8191
#define ADDEND (ADDED_DISTANCE * TABLE_FACTOR)

/* By the page's place in its group. */
enum page_kind {
    PAGE_RANDOM,
    PAGE_RANDOM_EARLY, /* from the start */
    PAGE_DUPLICATE,    /* the same as the next page */
    PAGE_ZERO,         /* always; what is written to it is zero */
    PAGE_BYTES,        /* one byte, repeated; another in each epoch */
    PAGE_BLINKING,     /* zero in even generations, in odd ones but for one word */
    PAGE_FADING,       /* zero in odd epochs, random in even ones */
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
 * The word that a generation changes. Some generations after one another stay in one line of the
 * host's cache: what a pass costs is for a large part the lines that it has to fetch.
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

/* 0 until the group is first written anew. */
static inline uint32_t group_epoch(unsigned group, uint32_t generation)
{
    return (generation + GENERATIONS_IN_EPOCH - group) / GENERATIONS_IN_EPOCH;
}

/* Where in the table the piece begins that the group's first page holds; each further two on. */
#define TABLE_STEP 2
static inline unsigned group_table_offset(unsigned group, uint32_t epoch)
{
    return group * PAGES_IN_GROUP * TABLE_STEP + epoch % 1024;
}

static inline uint32_t bytes_of_epoch(uint32_t epoch)
{
    return (epoch % 255 + 1) * 0x01010101;
}

/* Writes all pages as they are in the first generation; `are_zero`: as RAM is at power-on. */
void pages_fill(bool are_zero);

/* Writes the whole page. */
void page_fill(unsigned index, uint32_t generation);

/* Compares every word of these; a wrong one is reported, and the guest halts. */
void pages_check(unsigned start, unsigned end, uint32_t generation);

#endif
