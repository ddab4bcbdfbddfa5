/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/ownership.h"

#include <string.h>

#include "base/json.h"
#include "lib/pair/run.h"

static size_t count_events(const struct mt_events *events, size_t from, const char *name)
{
    size_t count = 0;

    for (size_t i = from; i < events->count; i++) {
        count += mt_event_is(&events->entries[i], name);
    }
    return count;
}

static int expect_count(const struct mt_vm *vm, const char *what, size_t count, size_t expected,
                        struct mt_error *error)
{
    if (count == expected) {
        return 0;
    }
    return mt_fail(error, "the %s sent %s %zu times in one migration, expected %zu", vm->side, what,
                   count, expected);
}

static int check_statuses(const struct mt_pair *pair, enum mt_side_index side,
                          struct mt_error *error)
{
    static const char *const statuses[] = {"setup",     "active", "pre-switchover",
                                           "completed", "failed", "cancelled"};
    const struct mt_migration_run *run = pair->run;
    const struct mt_vm *vm = pair->sides[side].vm;

    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        size_t count = count_events(&vm->monitor.qmp.events, run->from[side], statuses[i]);
        size_t expected = mt_mode_expects(run->mode, side, statuses[i]) ? 1 : 0;
        if (expect_count(vm, statuses[i], count, expected, error) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The source gives the guest up, and the destination takes it. */
static int check_owner_events(const struct mt_pair *pair, enum mt_side_index side,
                              struct mt_error *error)
{
    const struct mt_migration_run *run = pair->run;
    const struct mt_vm *vm = pair->sides[side].vm;
    const struct mt_events *events = &vm->monitor.qmp.events;
    size_t resumes = count_events(events, run->from[side], "RESUME");

    if (side == MT_SOURCE && expect_count(vm, "STOP", count_events(events, run->from[side], "STOP"),
                                          run->mode->live ? 1 : 0, error) < 0) {
        return -1;
    }
    return expect_count(vm, "RESUME", resumes, side == MT_DESTINATION ? 1 : 0, error);
}

static int check_order(const struct mt_pair *pair, enum mt_side_index side, struct mt_error *error)
{
    const struct mt_vm *vm = pair->sides[side].vm;
    const struct mt_events *events = &vm->monitor.qmp.events;
    const char *const *order = pair->run->mode->order[side];
    size_t at = pair->run->from[side];

    for (size_t i = 0; order[i] != NULL; i++) {
        while (at < events->count && !mt_event_is(&events->entries[at], order[i])) {
            at++;
        }
        if (at == events->count) {
            return mt_fail(error, "the %s sent %s before %s", vm->side, order[i],
                           i > 0 ? order[i - 1] : "this migration");
        }
    }
    return 0;
}

/*
 * Both time stamps come from this host's clock, which may be set meanwhile. A destination that is
 * held was told to run after STOP had been seen.
 */
static int check_handover(const struct mt_pair *pair, struct mt_error *error)
{
    const struct mt_migration_run *run = pair->run;
    const struct mt_event_entry *stop =
        mt_events_find(&pair->sides[MT_SOURCE].vm->monitor.qmp.events, "STOP",
                       run->mode->live ? run->from[MT_SOURCE] : 0, NULL);
    const struct mt_event_entry *resume =
        mt_events_find(&pair->sides[MT_DESTINATION].vm->monitor.qmp.events, "RESUME",
                       run->from[MT_DESTINATION], NULL);

    if (stop == NULL || resume == NULL || (!run->mode->held && resume->stamp_us < stop->stamp_us)) {
        return mt_fail(error, "the destination resumed before the source had stopped");
    }
    return 0;
}

static int check_status(struct mt_vm *vm, const char *expected, struct mt_error *error)
{
    MT_AUTO_JSON json_t *migration = NULL;

    if (mt_vm_qmp(vm, &migration, error, "query-migrate", NULL) < 0) {
        return -1;
    }
    const char *status = mt_json_find_text(migration, "status");
    if (status == NULL || strcmp(status, expected) != 0) {
        return mt_fail(error, "query-migrate of the %s says %s when all is over, expected %s",
                       vm->side, status != NULL ? status : "nothing", expected);
    }
    if (strcmp(expected, "failed") == 0 && json_object_get(migration, "error-desc") == NULL) {
        return mt_fail(error, "query-migrate of the %s says failed, and not why", vm->side);
    }
    return 0;
}

int mt_ownership_check(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_vm_expect_status(pair->sides[MT_SOURCE].vm, "postmigrate", error) < 0) {
        return -1;
    }
    for (size_t i = 0; i < MT_SIDES; i++) {
        if (check_status(pair->sides[i].vm, "completed", error) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < MT_SIDES; i++) {
        if (check_statuses(pair, i, error) < 0 || check_owner_events(pair, i, error) < 0 ||
            check_order(pair, i, error) < 0) {
            return -1;
        }
    }
    return check_handover(pair, error);
}

/* The source stops for the switchover at most once, and then goes on. */
static int check_kept(struct mt_pair *pair, const char *status, struct mt_error *error)
{
    struct mt_vm *source = pair->sides[MT_SOURCE].vm;
    const struct mt_events *events = &source->monitor.qmp.events;
    size_t from = pair->run->from[MT_SOURCE];

    if (check_status(source, status, error) < 0 ||
        expect_count(source, status, count_events(events, from, status), 1, error) < 0 ||
        expect_count(source, "completed", count_events(events, from, "completed"), 0, error) < 0) {
        return -1;
    }
    size_t stops = count_events(events, from, "STOP");
    if (stops > 1) {
        return expect_count(source, "STOP", stops, 1, error);
    }
    return expect_count(source, "RESUME", count_events(events, from, "RESUME"), stops, error);
}

int mt_ownership_check_kept(struct mt_pair *pair, const char *status, struct mt_error *error)
{
    return check_kept(pair, status, error) < 0 ? mt_wrap(error, "looking at who owns the guest")
                                               : 0;
}
