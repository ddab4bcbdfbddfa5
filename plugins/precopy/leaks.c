/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source that starts a migration many times, each of which is cancelled, does not grow.
 *
 * Descriptors and threads are gone after each cancelled migration; migtest checks that in every
 * test. Mappings are not gone on any QEMU: the C library keeps stacks and arenas for later threads,
 * QEMU keeps dozens of stacks for coroutines, and TCG's tables depend on the guest. These grow by
 * one now and then, until there are enough. A leak grows by one each time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "plugins/precopy/precopy.h"

enum {
    ROUNDS = 6,
    /* After these, everything exists that a migration makes when it is used for the first time. */
    SETTLED_AFTER = 2,
    ARENA = 64 * 1024 * 1024,
};

static bool is_arena(uint64_t start, uint64_t end)
{
    return start % ARENA == 0 || end % ARENA == 0;
}

/* A stack lies behind its guard page. */
static bool is_guard(const char *flags)
{
    return strncmp(flags, "---", 3) == 0;
}

static unsigned count_mappings(struct mt_pair *pair)
{
    char path[64];
    char line[512];
    uint64_t end_of_guard = 0;
    unsigned count = 0;

    snprintf(path, sizeof(path), "/proc/%d/maps", (int)mt_pid(mt_source(pair)));
    FILE *maps = fopen(path, "re");
    assert_non_null(maps);
    while (fgets(line, sizeof(line), maps) != NULL) {
        uint64_t start;
        uint64_t end;
        char flags[8];
        if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s", &start, &end, flags) == 3) {
            count += !is_arena(start, end) && !is_guard(flags) && start != end_of_guard;
            end_of_guard = is_guard(flags) ? end : 0;
        }
    }
    fclose(maps);
    return count;
}

static void migrate_and_cancel(struct mt_pair *pair)
{
    mt_migrate_start(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
    mt_migrate_wait_pass(pair, 1);
    mt_migrate_cancel(pair);
    mt_wait_exit(mt_destination(pair), 1);
    mt_new_destination(pair);
}

void leaks(void **state)
{
    struct mt_pair *pair = *state;
    unsigned mappings[ROUNDS + 1] = {0};
    unsigned grown = 0;

    for (int round = 1; round <= ROUNDS; round++) {
        migrate_and_cancel(pair);
        mappings[round] = count_mappings(pair);
        grown += round > SETTLED_AFTER && mappings[round] > mappings[round - 1];
    }
    mt_note(pair, "mappings", "%u after round %d, %u after round %d", mappings[SETTLED_AFTER],
            SETTLED_AFTER, mappings[ROUNDS], ROUNDS);
    if (grown == ROUNDS - SETTLED_AFTER) {
        mt_fail_test(pair,
                     "the source has more mappings after each cancelled migration: %u, then %u",
                     mappings[SETTLED_AFTER], mappings[ROUNDS]);
    }
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}
