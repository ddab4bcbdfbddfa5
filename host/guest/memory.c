/* SPDX-License-Identifier: Apache-2.0 */
#include "guest/memory.h"

#include "guest/contract.h"
#include "guest/io.h"
#include "guest/serial.h"

/* Volatile, as the compiler cannot know that a migration may change memory under the program. */
typedef volatile uint32_t *page_words;

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

void memory_fill(uint32_t generation)
{
    static const uint16_t filled[] = {
        MT_GUEST_GENERATION_WORD,
        MT_GUEST_HEAD_WORD,
        MT_GUEST_TAIL_WORD,
    };

    for (page_words page = first_page; page < end_of_pages; page += MT_GUEST_PAGE_WORDS) {
        for (unsigned i = 0; i < sizeof(filled) / sizeof(filled[0]); i++) {
            page[filled[i]] = expected_word(page, filled[i], generation);
        }
    }
}

void memory_pass(uint32_t generation)
{
    for (page_words page = first_page; page < end_of_pages; page += MT_GUEST_PAGE_WORDS) {
        uint32_t found = page[MT_GUEST_GENERATION_WORD];
        if (found != generation) {
            memory_wrong(&page[MT_GUEST_GENERATION_WORD], generation, found);
        }
        page[MT_GUEST_GENERATION_WORD] = generation + 1;
    }
}

static void check_page(page_words page, uint32_t generation)
{
    for (unsigned index = 0; index < MT_GUEST_PAGE_WORDS; index++) {
        uint32_t expected = expected_word(page, index, generation);
        uint32_t found = page[index];
        if (found != expected) {
            memory_wrong(&page[index], expected, found);
        }
    }
}

void memory_check(uint32_t generation)
{
    for (page_words page = first_page; page < end_of_pages; page += MT_GUEST_PAGE_WORDS) {
        check_page(page, generation);
    }
}

_Noreturn void memory_wrong(const volatile uint32_t *word, uint32_t expected, uint32_t found)
{
    serial_write(MT_GUEST_WRONG);
    serial_write_hex((uint32_t)word);
    serial_write(' ');
    serial_write_hex(expected);
    serial_write(' ');
    serial_write_hex(found);
    serial_write('\n');
    halt();
}
