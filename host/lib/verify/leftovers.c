/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/leftovers.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/verify/verification.h"
#include "lib/verify/verify.h"

/* QEMU joins the threads of a migration a moment after it has said `completed`, and sends no event
 * for that. */
static const int64_t timeout_ms = 10000;
static const int64_t interval_ms = 10;

static struct mt_baseline *leftovers_baseline(struct mt_pair *pair, const struct mt_vm *vm)
{
    size_t side = MT_SOURCE;

    while (side + 1 < MT_SIDES && pair->sides[side].vm != vm) {
        side++;
    }
    return &mt_verification_of(pair)->baselines[side];
}

static void leftovers_forget(struct mt_baseline *baseline)
{
    free(baseline->why_unknown);
    mt_belongings_clear(&baseline->belongings);
    *baseline = (struct mt_baseline){0};
}

void mt_leftovers_set_baseline(struct mt_pair *pair, const struct mt_vm *vm)
{
    struct mt_baseline *baseline = leftovers_baseline(pair, vm);
    MT_AUTO_ERROR struct mt_error error = {0};

    if (baseline->set) {
        return;
    }
    baseline->set = true;
    if (mt_belongings_count(vm->process.pid, &baseline->belongings, &error) < 0) {
        baseline->why_unknown = mt_text_copy(mt_error_text(&error));
    }
}

void mt_leftovers_excuse_file(struct mt_pair *pair, const struct mt_vm *vm)
{
    leftovers_baseline(pair, vm)->belongings.counts[MT_FILES]++;
}

struct leftovers_wait {
    const struct mt_vm *vm;
    const struct mt_belongings *before;
    char *growth;
    bool cannot_look;
};

static int leftovers_are_gone(void *context, struct mt_error *error)
{
    struct leftovers_wait *leftovers = context;
    struct mt_belongings now;

    /* The wait itself reports how the process has ended. */
    if (leftovers->vm->process.ended) {
        return 0;
    }
    if (mt_belongings_count(leftovers->vm->process.pid, &now, error) < 0) {
        leftovers->cannot_look = true;
        return -1;
    }
    free(leftovers->growth);
    leftovers->growth = mt_belongings_growth(leftovers->before, &now);
    mt_belongings_clear(&now);
    return leftovers->growth == NULL;
}

static int leftovers_wait_gone(struct mt_vm *vm, const struct mt_baseline *baseline,
                               struct mt_error *error)
{
    struct leftovers_wait leftovers = {.vm = vm, .before = &baseline->belongings};
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "the descriptors and threads of the migration to go",
        .timeout_ms = timeout_ms,
        .condition = leftovers_are_gone,
        .context = &leftovers,
        .look_again_ms = interval_ms,
    };

    if (baseline->why_unknown != NULL) {
        mt_fail(error, "%s", baseline->why_unknown);
        return MT_CANNOT_LOOK;
    }
    int result = mt_wait_for(&wait, error);
    if (result < 0 && leftovers.growth != NULL) {
        mt_wrap(error, "the %s is left with %s", vm->side, leftovers.growth);
    }
    free(leftovers.growth);
    return leftovers.cannot_look ? MT_CANNOT_LOOK : result;
}

/*
 * Allows the destination as many anonymous descriptors as the source had. The guest's devices run
 * on the destination now, but had not been started there before the migration. They need a pair of
 * eventfds for each virtqueue, for example, or the memory of a display. The number depends on the
 * version of QEMU, so there is no limit between two versions.
 */
static void leftovers_allow_devices(struct mt_pair *pair)
{
    struct mt_baseline *baselines = mt_verification_of(pair)->baselines;
    size_t at_source = baselines[MT_SOURCE].belongings.counts[MT_ANONYMOUS];
    size_t *allowed = &baselines[MT_DESTINATION].belongings.counts[MT_ANONYMOUS];

    if (!baselines[MT_SOURCE].set || !baselines[MT_DESTINATION].set) {
        return;
    }
    if (!mt_vm_same_version(pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm)) {
        *allowed = SIZE_MAX;
    } else if (*allowed < at_source) {
        *allowed = at_source;
    }
}

int mt_leftovers_expect_none(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_baseline *baselines = mt_verification_of(pair)->baselines;
    int result = 0;

    leftovers_allow_devices(pair);
    for (size_t i = 0; i < MT_SIDES; i++) {
        struct mt_vm *vm = pair->sides[i].vm;
        bool runs = vm != NULL && !vm->expected_to_end && !vm->process.ended;
        if (result == 0 && baselines[i].set && runs) {
            result = leftovers_wait_gone(vm, &baselines[i], error);
        }
        leftovers_forget(&baselines[i]);
    }
    return result;
}
