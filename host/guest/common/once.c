/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/once.h"

#include "arch/notice.h"
#include "arch/words.h"
#include "guest/common/complaint.h"
#include "guest/common/machine.h"
#include "guest/common/pages.h"

/*
 * Few, so that the first migration need not carry much more than the test range; with holes; and in
 * few clusters, the first at the start, the last at the end: hosts with huge pages clear 2 MiB when
 * the first page of those is touched, on either side of a migration.
 */
#define CLUSTERS 3
#define PAGES_IN_CLUSTER 16
#define CLUSTER_STEP (2 * MT_GUEST_PAGE_SIZE)
#define CLUSTER_SIZE (PAGES_IN_CLUSTER * CLUSTER_STEP)

struct spread {
    uint32_t start;
    uint32_t end; /* exclusive */
    uint32_t distance;
};

static struct spread low_pages(void)
{
    return (struct spread){MT_GUEST_LOW_ONCE, MT_GUEST_LOW_ONCE_END, MT_GUEST_PAGE_SIZE};
}

static struct spread pages_in_cluster(uint32_t start)
{
    return (struct spread){start, start + CLUSTER_SIZE, CLUSTER_STEP};
}

/* Their number ends it, as addresses of a guest with 3 GiB would wrap around. */
static void each_cluster(void (*visit)(struct spread spread))
{
    uint32_t start = MT_GUEST_TABLE_END + MT_GUEST_PAGE_SIZE;
    uint32_t last = ram_end() - CLUSTER_SIZE;
    uint32_t distance = (last - start) / (CLUSTERS - 1) / MT_GUEST_PAGE_SIZE * MT_GUEST_PAGE_SIZE;

    distance = distance < CLUSTER_SIZE ? CLUSTER_SIZE : distance;
    for (unsigned i = 0; i < CLUSTERS && start <= last; i++, start += distance) {
        visit(pages_in_cluster(start));
    }
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
            complain_of_memory(wrong, expected[wrong - page], *wrong);
        }
    }
}

static void settle_spread(struct spread spread)
{
    for (uint32_t address = spread.start; address < spread.end; address += spread.distance) {
        notice_page(address);
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
            complain_of_memory(word, value, *word);
        }
    }
}

void once_write(void)
{
    write_table();
    write_spread(low_pages());
    each_cluster(write_spread);
}

void once_check(void)
{
    check_table();
    check_spread(low_pages());
    each_cluster(check_spread);
}

void once_settle(void)
{
    settle_spread((struct spread){MT_GUEST_TABLE, MT_GUEST_TABLE_END, MT_GUEST_PAGE_SIZE});
    settle_spread(low_pages());
    each_cluster(settle_spread);
}
