/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/once.h"

#include "guest/memory.h"
#include "guest/pages.h"
#include "guest/ram.h"
#include "guest/words.h"

/* Spread evenly, so that the first migration need not carry much more than the test range. */
#define MOST_HIGH_PAGES 128

struct spread {
    uint32_t start;
    uint32_t end; /* exclusive */
    uint32_t distance;
};

static struct spread low_pages(void)
{
    return (struct spread){MT_GUEST_LOW_ONCE, MT_GUEST_LOW_ONCE_END, MT_GUEST_PAGE_SIZE};
}

/* Every second page at most, so that there are holes. */
static struct spread high_pages(void)
{
    uint32_t end = ram_end();
    uint32_t pages = (end - MT_GUEST_TABLE_END) / MT_GUEST_PAGE_SIZE;
    uint32_t distance = pages / MOST_HIGH_PAGES;

    distance = distance < 2 ? 2 : distance;
    return (struct spread){MT_GUEST_TABLE_END + MT_GUEST_PAGE_SIZE, end,
                           distance * MT_GUEST_PAGE_SIZE};
}

/* From another place of the table than any neighbour's. */
static page_words content_of(uint32_t address)
{
    return TABLE + address / MT_GUEST_PAGE_SIZE * 3 % (TABLE_WORDS - MT_GUEST_PAGE_WORDS);
}

static void write_spread(struct spread spread)
{
    for (uint32_t address = spread.start; address < spread.end; address += spread.distance) {
        words_copy((page_words)address, content_of(address), MT_GUEST_PAGE_WORDS);
    }
}

static void check_spread(struct spread spread)
{
    for (uint32_t address = spread.start; address < spread.end; address += spread.distance) {
        page_words expected = content_of(address);
        page_words page = (page_words)address;
        page_words wrong = words_differ(page, expected, MT_GUEST_PAGE_WORDS);

        if (wrong != 0) {
            memory_wrong(wrong, expected[wrong - page], *wrong);
        }
    }
}

static void write_table(void)
{
    uint32_t value = 0;

    for (page_words word = TABLE; word < TABLE + TABLE_WORDS; word++, value += TABLE_FACTOR) {
        *word = value;
    }
}

static void check_table(void)
{
    uint32_t value = 0;

    for (page_words word = TABLE; word < TABLE + TABLE_WORDS; word++, value += TABLE_FACTOR) {
        if (*word != value) {
            memory_wrong(word, value, *word);
        }
    }
}

void once_write(void)
{
    write_table();
    write_spread(low_pages());
    write_spread(high_pages());
}

void once_check(void)
{
    check_table();
    check_spread(low_pages());
    check_spread(high_pages());
}
