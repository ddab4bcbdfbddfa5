/* SPDX-License-Identifier: Apache-2.0 */
/* Describing the state at reset: only the bytes that do not differ between two starts count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "lib/state/reset.h"
#include "protocol/channel.h"

enum { SIZE = 400 * 1000 };

static unsigned char first[SIZE];
static unsigned char second[SIZE];
static unsigned char migrated[SIZE];

static struct mt_section section_of(const unsigned char *bytes, size_t size)
{
    return (struct mt_section){.name = "0000:00:04.0/nic", .bytes = bytes, .size = size};
}

static json_t *learn(size_t size)
{
    struct mt_section one = section_of(first, size);
    struct mt_section other = section_of(second, size);

    return mt_reset_compare(&(struct mt_sections){.items = &one, .count = 1},
                            &(struct mt_sections){.items = &other, .count = 1});
}

static bool matches(const json_t *reset, const unsigned char *bytes, size_t size)
{
    struct mt_section section = section_of(bytes, size);

    return mt_reset_matches(reset, &section);
}

static int clear(void **state)
{
    (void)state;
    memset(first, 0, SIZE);
    memset(second, 0, SIZE);
    memset(migrated, 0, SIZE);
    return 0;
}

static void bytes_that_differ_by_themselves_do_not_count(void **state)
{
    const size_t size = 1000;

    (void)state;
    second[0] = 1;
    second[500] = 1;
    second[501] = 1;
    second[999] = 1;
    json_t *reset = learn(size);
    memcpy(migrated, second, size);
    migrated[500] = 7;
    assert_true(matches(reset, first, size));
    assert_true(matches(reset, second, size));
    assert_true(matches(reset, migrated, size));
    json_decref(reset);
}

static void each_other_byte_counts(void **state)
{
    const size_t size = 1000;
    const size_t places[] = {1, 499, 502, 998};

    (void)state;
    second[0] = second[500] = second[501] = second[999] = 1;
    json_t *reset = learn(size);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        memcpy(migrated, first, size);
        migrated[places[i]] = 1;
        assert_false(matches(reset, migrated, size));
    }
    assert_false(matches(reset, first, size - 1));
    json_decref(reset);
}

/* Addresses of the host differ, and so does memory that was used before. */
static void much_that_differs_fits_into_a_record(void **state)
{
    (void)state;
    for (size_t i = 1000; i < SIZE; i += 2) {
        second[i] = 1;
    }
    json_t *reset = learn(SIZE);
    MT_AUTO_FREE char *record = json_dumps(reset, JSON_COMPACT);
    assert_in_range(strlen(record), 1, MT_CHANNEL_LINE_LIMIT / 4);
    assert_true(matches(reset, second, SIZE));
    second[999] = 1;
    assert_false(matches(reset, second, SIZE));
    json_decref(reset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(bytes_that_differ_by_themselves_do_not_count, clear),
        cmocka_unit_test_setup(each_other_byte_counts, clear),
        cmocka_unit_test_setup(much_that_differs_fits_into_a_record, clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
