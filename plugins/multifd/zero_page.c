/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zero pages are found by nobody, by each channel, or by the migration thread. QEMU counts zero
 * pages that were found as duplicates. Who has found them shows by the bytes of the main channel:
 * the migration thread writes nine bytes or more for each zero page there, and no other bytes
 * depend on pages.
 */
#include "plugins/multifd/multifd.h"

enum {
    LEAST_BYTES_A_PAGE = 9,
};

static void migrate_detecting(struct mt_pair *pair, const char *detection)
{
    mt_set_parameter_string(mt_source(pair), "zero-page-detection", detection);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_TCP, .live = true,
                                  .multifd = MT_MULTIFD(.channels = wanted_channels(pair))));
}

/* QEMU has another count for the RAM that it sends while the guest is stopped, also zero pages. */
static int64_t main_channel_bytes(struct mt_pair *pair)
{
    return mt_migrate_value(pair, "ram.precopy-bytes") +
           mt_migrate_value(pair, "ram.downtime-bytes");
}

static int64_t count_found(struct mt_pair *pair)
{
    int64_t found = mt_migrate_value(pair, "ram.duplicate");

    mt_note(pair, "zero pages", "%lld found, %lld bytes on the main channel", (long long)found,
            (long long)main_channel_bytes(pair));
    return found;
}

void zero_page_legacy(void **state)
{
    struct mt_pair *pair = *state;

    migrate_detecting(pair, "legacy");
    int64_t found = count_found(pair);
    assert_true(found > 0);
    assert_true(main_channel_bytes(pair) >= found * LEAST_BYTES_A_PAGE);
}

void zero_page_multifd(void **state)
{
    struct mt_pair *pair = *state;

    migrate_detecting(pair, "multifd");
    int64_t found = count_found(pair);
    assert_true(found > 0);
    assert_true(main_channel_bytes(pair) < found * LEAST_BYTES_A_PAGE);
}

void zero_page_none(void **state)
{
    struct mt_pair *pair = *state;

    migrate_detecting(pair, "none");
    assert_int_equal(count_found(pair), 0);
}
