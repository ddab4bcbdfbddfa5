/* SPDX-License-Identifier: Apache-2.0 */
/* Exactly one side owns the guest, and the events say so once and in order. */
#include <string.h>

#include "base/json.h"
#include "lib/pair/run.h"
#include "lib/verify/verify.h"

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

/* NULL where a name has no place in this migration. */
static int expect_order(const struct mt_vm *vm, size_t from, const char *const *names, size_t count,
                        struct mt_error *error)
{
    const struct mt_events *events = &vm->monitor.qmp.events;
    const char *before = NULL;
    size_t at = from;

    for (size_t i = 0; i < count; i++) {
        while (names[i] != NULL && at < events->count &&
               !mt_event_is(&events->entries[at], names[i])) {
            at++;
        }
        if (at == events->count) {
            return mt_fail(error, "the %s sent %s before %s", vm->side, names[i], before);
        }
        before = names[i] != NULL ? names[i] : before;
    }
    return 0;
}

static int check_statuses(const struct mt_vm *vm, size_t from, bool paused, struct mt_error *error)
{
    static const struct {
        const char *status;
        size_t times;
    } once[] = {{"setup", 1}, {"active", 1}, {"completed", 1}, {"failed", 0}, {"cancelled", 0}};

    for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
        size_t count = count_events(&vm->monitor.qmp.events, from, once[i].status);
        if (expect_count(vm, once[i].status, count, once[i].times, error) < 0) {
            return -1;
        }
    }
    return expect_count(vm, "pre-switchover",
                        count_events(&vm->monitor.qmp.events, from, "pre-switchover"),
                        paused ? 1 : 0, error);
}

/* A migration that was stopped by hand sent its STOP before it began. */
static int check_source(struct mt_pair *pair, struct mt_error *error)
{
    const struct mt_migration_run *run = pair->run;
    const struct mt_events *events = &pair->sides[MT_SOURCE].vm->monitor.qmp.events;
    const char *const order[] = {"setup", "active", run->wants.live ? "STOP" : NULL,
                                 run->wants.pause ? "pre-switchover" : NULL, "completed"};

    if (check_statuses(pair->sides[MT_SOURCE].vm, run->from[MT_SOURCE], run->wants.pause, error) <
            0 ||
        expect_count(pair->sides[MT_SOURCE].vm, "STOP",
                     count_events(events, run->from[MT_SOURCE], "STOP"), run->wants.live ? 1 : 0,
                     error) < 0 ||
        expect_count(pair->sides[MT_SOURCE].vm, "RESUME",
                     count_events(events, run->from[MT_SOURCE], "RESUME"), 0, error) < 0) {
        return -1;
    }
    return expect_order(pair->sides[MT_SOURCE].vm, run->from[MT_SOURCE], order,
                        sizeof(order) / sizeof(order[0]), error);
}

static int check_destination(struct mt_pair *pair, struct mt_error *error)
{
    const struct mt_migration_run *run = pair->run;
    const struct mt_events *events = &pair->sides[MT_DESTINATION].vm->monitor.qmp.events;
    static const char *const order[] = {"setup", "active", "completed"};

    if (check_statuses(pair->sides[MT_DESTINATION].vm, run->from[MT_DESTINATION], false, error) <
        0) {
        return -1;
    }
    if (expect_count(pair->sides[MT_DESTINATION].vm, "RESUME",
                     count_events(events, run->from[MT_DESTINATION], "RESUME"), 1, error) < 0) {
        return -1;
    }
    return expect_order(pair->sides[MT_DESTINATION].vm, run->from[MT_DESTINATION], order,
                        sizeof(order) / sizeof(order[0]), error);
}

/*
 * Both time stamps come from the same clock, this host's, which may be set; a destination that
 * waits for `cont` was told so after STOP had been seen.
 */
static int check_handover(struct mt_pair *pair, struct mt_error *error)
{
    const struct mt_migration_run *run = pair->run;
    const struct mt_event_entry *stop =
        mt_events_find(&pair->sides[MT_SOURCE].vm->monitor.qmp.events, "STOP",
                       run->wants.live ? run->from[MT_SOURCE] : 0, NULL);
    const struct mt_event_entry *resume =
        mt_events_find(&pair->sides[MT_DESTINATION].vm->monitor.qmp.events, "RESUME",
                       run->from[MT_DESTINATION], NULL);

    if (stop == NULL || resume == NULL ||
        (!mt_migration_stands_still(pair) && resume->stamp_us < stop->stamp_us)) {
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

int mt_verify_ownership(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_vm_expect_status(pair->sides[MT_SOURCE].vm, "postmigrate", error) < 0 ||
        check_status(pair->sides[MT_SOURCE].vm, "completed", error) < 0 ||
        check_status(pair->sides[MT_DESTINATION].vm, "completed", error) < 0 ||
        check_source(pair, error) < 0 || check_destination(pair, error) < 0 ||
        check_handover(pair, error) < 0) {
        return mt_wrap(error, "looking at who owns the guest");
    }
    return 0;
}

/* It stops for the switchover at most once, and then goes on. */
static int check_called_off(struct mt_pair *pair, const char *status, struct mt_error *error)
{
    const struct mt_events *events = &pair->sides[MT_SOURCE].vm->monitor.qmp.events;
    size_t from = pair->run->from[MT_SOURCE];

    if (check_status(pair->sides[MT_SOURCE].vm, status, error) < 0 ||
        expect_count(pair->sides[MT_SOURCE].vm, status, count_events(events, from, status), 1,
                     error) < 0 ||
        expect_count(pair->sides[MT_SOURCE].vm, "completed",
                     count_events(events, from, "completed"), 0, error) < 0) {
        return -1;
    }
    size_t stops = count_events(events, from, "STOP");
    if (stops > 1) {
        return expect_count(pair->sides[MT_SOURCE].vm, "STOP", stops, 1, error);
    }
    return expect_count(pair->sides[MT_SOURCE].vm, "RESUME", count_events(events, from, "RESUME"),
                        stops, error);
}

int mt_verify_called_off(struct mt_pair *pair, const char *status, struct mt_error *error)
{
    return check_called_off(pair, status, error) < 0
               ? mt_wrap(error, "looking at who owns the guest")
               : 0;
}
