/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/pass.h"

#include "arch/notice.h"
#include "arch/words.h"
#include "guest/common/complaint.h"
#include "guest/common/pages.h"
#include "guest/common/serial.h"

/* Software KVMs interpret each instruction: the fewer a page takes, the better. */
#define UNROLLED _Pragma("GCC unroll 32")
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* A half of what TCG has room for at first. */
#define DROPPED_WORDS (4 * PAGES_IN_GROUP * MT_GUEST_PAGE_WORDS)

/* Words of a group's first page and of the table. */
struct at {
    page_words now;      /* the place that this generation changes */
    page_words before;   /* that of the generation before */
    page_words expected; /* what that place of a random page must hold */
};

/* What all pages of a run have in common. */
struct common {
    bool odd;       /* the generation */
    bool sparse;    /* random pages still are, but for the early ones */
    bool faded;     /* fading pages are zero */
    uint32_t bytes; /* what byte pages hold */
};

ALWAYS_INLINE void expect(page_words word, uint32_t expected)
{
    if (__builtin_expect(!word_is(word, expected), false)) {
        complain_of_memory(word, expected, *word);
    }
}

ALWAYS_INLINE void change(page_words before, uint32_t expected, page_words now, uint32_t addend)
{
    word_add(now, addend);
    expect(before, expected);
}

ALWAYS_INLINE void step(const struct at *at, unsigned place, const struct common *common)
{
    page_words now = at->now + place * MT_GUEST_PAGE_WORDS;
    page_words before = at->before + place * MT_GUEST_PAGE_WORDS;
    page_words expected = at->expected + place * TABLE_STEP;

    switch (page_kind(place)) {
    case PAGE_ZERO:
        change(before, 0, now, 0);
        break;
    case PAGE_BYTES:
        change(before, common->bytes, now, 0);
        break;
    case PAGE_BLINKING:
        if (common->odd) {
            change(before, 0, now, ADDEND);
        } else {
            change(before, 0, before, 0 - ADDEND);
        }
        break;
    case PAGE_FADING:
        if (common->faded) {
            change(before, 0, now, 0);
        } else {
            change(before, common->sparse ? ADDEND : *expected, now, ADDEND);
        }
        break;
    case PAGE_DUPLICATE:
        change(before, expected[TABLE_STEP], now, ADDEND);
        break;
    case PAGE_RANDOM_EARLY:
        change(before, *expected, now, ADDEND);
        break;
    case PAGE_RANDOM:
        change(before, common->sparse ? ADDEND : *expected, now, ADDEND);
        break;
    }
}

static struct at at_group(unsigned group, uint32_t generation)
{
    page_words page =
        (page_words)MT_GUEST_TEST_START + group * (PAGES_IN_GROUP * MT_GUEST_PAGE_WORDS);
    unsigned offset = group_table_offset(group, group_epoch(group, generation));
    unsigned before = page_place(generation - 1);

    return (struct at){
        .now = page + page_place(generation),
        .before = page + before,
        .expected = TABLE + offset + ADDED_DISTANCE + before,
    };
}

static struct common common_of(unsigned group, uint32_t generation)
{
    uint32_t epoch = group_epoch(group, generation);

    return (struct common){
        .odd = generation % 2 == 1,
        .sparse = epoch == 0,
        .faded = epoch % 2 == 1,
        .bytes = bytes_of_epoch(epoch),
    };
}

ALWAYS_INLINE void run_over(struct at at, page_words end, struct common common, bool sparse)
{
    struct dropping dropping = dropping_begin();

    common.sparse = sparse;
    settle_stack();
    while (at.now < end) {
        page_words stop = end - at.now > DROPPED_WORDS ? at.now + DROPPED_WORDS : end;
        while (at.now < stop) {
            UNROLLED
            for (unsigned place = 0; place < PAGES_IN_GROUP; place++) {
                step(&at, place, &common);
            }
            at.now += PAGES_IN_GROUP * MT_GUEST_PAGE_WORDS;
            at.before += PAGES_IN_GROUP * MT_GUEST_PAGE_WORDS;
            at.expected += PAGES_IN_GROUP * TABLE_STEP;
        }
        dropping_drop(&dropping);
    }
    dropping_end(&dropping);
    drop_stack_translation();
}

/* Groups of one epoch. Most pages are random, so whether these are sparse is a loop's constant. */
static void run(unsigned start, unsigned end, uint32_t generation)
{
    struct at at = at_group(start, generation);
    struct common common = common_of(start, generation);
    page_words stop = at.now + (end - start) * (PAGES_IN_GROUP * MT_GUEST_PAGE_WORDS);

    if (common.sparse) {
        run_over(at, stop, common, true);
    } else {
        run_over(at, stop, common, false);
    }
}

static void settle_page(unsigned index)
{
    notice_page(MT_GUEST_TEST_START + index * MT_GUEST_PAGE_SIZE);
}

void pass_rewrite(unsigned start, unsigned end, uint32_t before, uint32_t generation)
{
    pages_check(start, end, before);
    for (unsigned index = start; index < end; index++) {
        page_fill(index, generation);
        settle_page(index);
    }
}

static void pass_over(unsigned start, unsigned end, uint32_t generation)
{
    unsigned rewritten = generation % GENERATIONS_IN_EPOCH;

    if (rewritten < start || rewritten >= end) {
        run(start, end, generation);
        return;
    }
    run(start, rewritten, generation);
    pass_rewrite(rewritten * PAGES_IN_GROUP, (rewritten + 1) * PAGES_IN_GROUP, generation - 1,
                 generation);
    run(rewritten + 1, end, generation);
}

void pass_over_page(unsigned index, uint32_t generation)
{
    unsigned group = index / PAGES_IN_GROUP;

    if (generation % GENERATIONS_IN_EPOCH == group) {
        pass_rewrite(index, index + 1, generation - 1, generation);
        return;
    }
    struct at at = at_group(group, generation);
    struct common common = common_of(group, generation);
    drop_stack_translation();
    step(&at, index % PAGES_IN_GROUP, &common);
    settle_page(index);
}

void pass_over_all(uint32_t generation, bool beat)
{
    const unsigned in_beat = MT_GUEST_PAGES_IN_BEAT / PAGES_IN_GROUP;
    unsigned end;

    drop_all_translations();
    if (!beat) {
        pass_over(0, GROUPS, generation);
        return;
    }
    for (unsigned start = 0; start < GROUPS; start = end) {
        end = start + in_beat < GROUPS ? start + in_beat : GROUPS;
        pass_over(start, end, generation);
        serial_write(MT_GUEST_BEAT);
    }
}
