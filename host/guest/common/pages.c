/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/common/pages.h"

#include "arch/io.h"
#include "arch/words.h"
#include "guest/common/complaint.h"

/* A run of the table's words, or one value again and again. */
struct source {
    page_words words; /* 0: the value */
    uint32_t value;
};

/* Words that a generation from `first` on changed are of one source, all others of the other. */
struct content {
    struct source unchanged;
    struct source changed;
    uint32_t first;
    uint32_t generations; /* 0: none was changed */
};

static page_words page_at(unsigned index)
{
    return (page_words)(MT_GUEST_TEST_START + index * MT_GUEST_PAGE_SIZE);
}

static struct source value_source(uint32_t value)
{
    return (struct source){.value = value};
}

static void describe_random(struct content *content, unsigned index, uint32_t epoch, bool sparse)
{
    if (sparse) {
        content->unchanged = value_source(0);
        content->changed = value_source(ADDEND);
        return;
    }
    unsigned offset =
        group_table_offset(index / PAGES_IN_GROUP, epoch) + index % PAGES_IN_GROUP * TABLE_STEP;
    content->unchanged.words = TABLE + offset;
    content->changed.words = TABLE + offset + ADDED_DISTANCE;
}

/* Generations of the epoch, of the first one those from the fill on. */
static void describe_changes(struct content *content, unsigned group, uint32_t epoch,
                             uint32_t generation)
{
    uint32_t rewritten = epoch > 0 ? group + (epoch - 1) * GENERATIONS_IN_EPOCH : 0;

    content->first = rewritten > MT_GUEST_FIRST_GENERATION ? rewritten : MT_GUEST_FIRST_GENERATION;
    content->generations = generation - content->first + 1;
}

static void describe(struct content *content, unsigned index, uint32_t generation)
{
    unsigned group = index / PAGES_IN_GROUP;
    uint32_t epoch = group_epoch(group, generation);
    enum page_kind kind = page_kind(index % PAGES_IN_GROUP);

    *content = (struct content){.first = generation};
    switch (kind) {
    case PAGE_ZERO:
        return;
    case PAGE_BYTES:
        content->unchanged.value = bytes_of_epoch(epoch);
        return;
    case PAGE_BLINKING:
        content->changed.value = ADDEND;
        content->generations = generation % 2;
        return;
    case PAGE_FADING:
        if (epoch % 2 == 1) {
            return;
        }
        break;
    default:
        break;
    }
    bool early = kind == PAGE_RANDOM_EARLY || kind == PAGE_DUPLICATE;
    describe_random(content, kind == PAGE_DUPLICATE ? index + 1 : index, epoch,
                    epoch == 0 && !early);
    describe_changes(content, group, epoch, generation);
}

static uint32_t word_of(const struct source *source, unsigned place)
{
    return source->words != 0 ? source->words[place] : source->value;
}

static void write_run(page_words page, const struct source *source, unsigned start, unsigned end)
{
    if (source->words != 0) {
        words_copy(page + start, source->words + start, end - start);
    } else {
        words_set(page + start, source->value, end - start);
    }
}

static void check_run(page_words page, const struct source *source, unsigned start, unsigned end)
{
    if (start == end) {
        return;
    }
    page_words wrong = source->words != 0
                           ? words_differ(page + start, source->words + start, end - start)
                           : words_differ_from(page + start, source->value, end - start);

    if (wrong != 0) {
        complain_of_memory(wrong, word_of(source, (unsigned)(wrong - page)), *wrong);
    }
}

/* The words of one eighth that were changed: a run, which may go on at the eighth's start. */
struct changed_run {
    unsigned start;
    unsigned end;     /* of the run */
    unsigned wrapped; /* the end of what goes on at the start */
};

/* How many generations before this one changed a word of that eighth. */
static uint32_t changes_before(uint32_t generation, unsigned eighth)
{
    uint32_t in_round = generation % GENERATIONS_IN_ROUND;
    uint32_t start = eighth * GENERATIONS_IN_LINE;
    uint32_t rest = in_round < start ? 0 : in_round - start;

    rest = rest > GENERATIONS_IN_LINE ? GENERATIONS_IN_LINE : rest;
    return generation / GENERATIONS_IN_ROUND * GENERATIONS_IN_LINE + rest;
}

static struct changed_run changed_in(const struct content *content, unsigned eighth)
{
    uint32_t before = changes_before(content->first, eighth);
    uint32_t count = changes_before(content->first + content->generations, eighth) - before;
    unsigned base = eighth * EIGHTH_WORDS;
    unsigned start = before % EIGHTH_WORDS;
    unsigned end = start + count;

    if (end <= EIGHTH_WORDS) {
        return (struct changed_run){base + start, base + end, base};
    }
    return (struct changed_run){base + start, base + EIGHTH_WORDS, base + end - EIGHTH_WORDS};
}

/* All that it holds, over what it held before; nothing where that is zero and the page is, too. */
static void fill(unsigned index, uint32_t generation, bool is_zero)
{
    page_words page = page_at(index);
    struct content content;

    describe(&content, index, generation);
    drop_stack_translation();
    if (!is_zero || content.unchanged.words != 0 || content.unchanged.value != 0) {
        write_run(page, &content.unchanged, 0, MT_GUEST_PAGE_WORDS);
    }
    for (uint32_t i = 0; i < content.generations; i++) {
        unsigned place = page_place(content.first + i);
        page[place] = word_of(&content.changed, place);
    }
}

void page_fill(unsigned index, uint32_t generation)
{
    fill(index, generation, false);
}

/* Most pages that are zero get one word: to find that out for each took longer than to write it. */
static void fill_zero_group(unsigned group)
{
    const unsigned place = page_place(MT_GUEST_FIRST_GENERATION);

    for (unsigned i = 0; i < PAGES_IN_GROUP; i++) {
        unsigned index = group * PAGES_IN_GROUP + i;
        switch (page_kind(i)) {
        case PAGE_ZERO:
            break;
        case PAGE_RANDOM:
        case PAGE_FADING:
            page_at(index)[place] = ADDEND;
            break;
        default:
            fill(index, MT_GUEST_FIRST_GENERATION, true);
        }
    }
}

void pages_fill(bool are_zero)
{
    for (unsigned group = 0; group < GROUPS; group++) {
        drop_stack_translation();
        if (are_zero && group_epoch(group, MT_GUEST_FIRST_GENERATION) == 0) {
            fill_zero_group(group);
            continue;
        }
        for (unsigned i = 0; i < PAGES_IN_GROUP; i++) {
            fill(group * PAGES_IN_GROUP + i, MT_GUEST_FIRST_GENERATION, are_zero);
        }
    }
}

/* Where changed words are; the same for many pages, and software KVMs are slow to find it out. */
struct changed_words {
    uint32_t first;
    uint32_t generations;
    struct changed_run runs[8];
};

static void find_changed(struct changed_words *changed, const struct content *content)
{
    if (changed->first == content->first && changed->generations == content->generations) {
        return;
    }
    changed->first = content->first;
    changed->generations = content->generations;
    for (unsigned eighth = 0; eighth < 8; eighth++) {
        changed->runs[eighth] = changed_in(content, eighth);
    }
}

/* Upwards; what is unchanged from one eighth to the next is compared in one go. */
static void check_content(page_words page, const struct content *content,
                          const struct changed_words *changed)
{
    unsigned done = 0;

    for (unsigned eighth = 0; eighth < 8; eighth++) {
        const struct changed_run *run = &changed->runs[eighth];
        unsigned start = eighth * EIGHTH_WORDS;
        if (run->wrapped > start) {
            check_run(page, &content->unchanged, done, start);
            check_run(page, &content->changed, start, run->wrapped);
            done = run->wrapped;
        }
        if (run->end > run->start) {
            check_run(page, &content->unchanged, done, run->start);
            check_run(page, &content->changed, run->start, run->end);
            done = run->end;
        }
    }
    check_run(page, &content->unchanged, done, MT_GUEST_PAGE_WORDS);
}

void pages_check(unsigned start, unsigned end, uint32_t generation)
{
    struct changed_words changed = {0};

    for (unsigned index = start; index < end; index++) {
        page_words page = page_at(index);
        struct content content;

        describe(&content, index, generation);
        drop_stack_translation();
        if (content.generations == 0) {
            check_run(page, &content.unchanged, 0, MT_GUEST_PAGE_WORDS);
        } else {
            find_changed(&changed, &content);
            check_content(page, &content, &changed);
        }
    }
}
