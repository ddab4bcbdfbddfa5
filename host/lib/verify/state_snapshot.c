/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The real-time clock follows the host's clock even while its VM stands still, and ticks once a
 * second. So the source is dumped before and after the destination. If the two dumps of the source
 * are equal, there was no tick between them, and the destination must be equal to the bit.
 */
#include "lib/verify/state_snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "lib/state/dump.h"
#include "lib/verify/leftovers.h"
#include "lib/verify/not_kept.h"
#include "lib/verify/verify.h"

static const char clock_section[] = "mc146818rtc";

/* The dumps of one attempt take 10 to 50 ms, so most attempts do not meet a tick of the clock. */
enum { ATTEMPTS = 20 };

/* When QEMU 7.2 to 10.0 cannot write a state, it leaves the file open. */
static int snapshot_dump(struct mt_pair *pair, struct mt_vm *vm, struct mt_sections *ret_sections,
                         struct mt_error *error)
{
    int result = mt_state_dump(vm, pair->config->scratch, ret_sections, error);

    if (result < 0) {
        mt_leftovers_excuse_file(pair, vm);
    }
    return result;
}

static bool snapshot_same_bytes(const struct mt_section *one, const struct mt_section *other)
{
    return other != NULL && one->size == other->size &&
           memcmp(one->bytes, other->bytes, one->size) == 0;
}

/*
 * Only the clock may change in a VM that stands still, and the sections that are known to change:
 * later the two sides are compared without these. Examples are KVM's clock, which counts
 * nanoseconds, and an emulated TPM, which writes its state differently each time.
 */
static int snapshot_compare(struct mt_pair *pair, const char *side, const struct mt_sections *first,
                            const struct mt_sections *second, bool *ret_ticked,
                            struct mt_error *error)
{
    for (size_t i = 0; i < first->count; i++) {
        const struct mt_section *section = &first->items[i];
        if (snapshot_same_bytes(section,
                                mt_sections_find(second, section->name, section->instance))) {
            continue;
        }
        if (strcmp(section->name, clock_section) != 0) {
            if (mt_not_kept_lets_change(pair, section->name)) {
                continue;
            }
            return mt_fail(error, "section %s of the %s changed while it stood still",
                           section->name, side);
        }
        *ret_ticked = true;
    }
    return 0;
}

/* The destination is dumped twice as well. QEMU prepares each device for a dump, on the destination
 * before it ever ran, and this preparation must not change the state. */
static int snapshot_take_once(struct mt_pair *pair, struct mt_state_snapshot *snapshot,
                              bool *ret_ticked, struct mt_error *error)
{
    struct mt_sections destination = {0};
    struct mt_sections source = {0};
    int result = MT_CANNOT_LOOK;

    *ret_ticked = false;
    if (snapshot_dump(pair, pair->sides[MT_SOURCE].vm, &snapshot->source, error) == 0 &&
        snapshot_dump(pair, pair->sides[MT_DESTINATION].vm, &snapshot->destination, error) == 0 &&
        snapshot_dump(pair, pair->sides[MT_DESTINATION].vm, &destination, error) == 0 &&
        snapshot_dump(pair, pair->sides[MT_SOURCE].vm, &source, error) == 0) {
        result = snapshot_compare(pair, "source", &snapshot->source, &source, ret_ticked, error);
        if (result == 0) {
            result = snapshot_compare(pair, "destination", &snapshot->destination, &destination,
                                      ret_ticked, error);
        }
    }
    mt_sections_clear(&destination);
    mt_sections_clear(&source);
    return result;
}

int mt_state_snapshot_take(struct mt_pair *pair, struct mt_state_snapshot *ret_snapshot,
                           struct mt_error *error)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        struct mt_state_snapshot snapshot = {0};
        bool ticked;
        int result = snapshot_take_once(pair, &snapshot, &ticked, error);
        if (result == 0 && !ticked) {
            *ret_snapshot = snapshot;
            return 0;
        }
        mt_state_snapshot_clear(&snapshot);
        if (result < 0) {
            return result;
        }
    }
    mt_fail(error, "the clock ticked in each of %d attempts to dump both sides", ATTEMPTS);
    return MT_CANNOT_LOOK;
}

void mt_state_snapshot_clear(struct mt_state_snapshot *snapshot)
{
    mt_sections_clear(&snapshot->source);
    mt_sections_clear(&snapshot->destination);
}
