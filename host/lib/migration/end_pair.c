/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/migration/end_pair.h"

#include <string.h>

#include "base/json.h"
#include "lib/migration/cost.h"
#include "lib/pair/run.h"
#include "lib/verify/verify.h"

static bool is_to_quit(const struct mt_vm *vm)
{
    return vm != NULL && !vm->expected_to_end;
}

static int fail_left(const char *status, struct mt_error *error)
{
    return mt_fail(error,
                   "the test left its migration at status %s, and nothing of it was verified; "
                   "mt_migrate_finish, mt_migrate_cancel or mt_migrate_lose_destination end one",
                   status);
}

/*
 * A test that ends during a migration fails, as no oracle has looked at that migration. Excepted
 * are migrations that have failed or were cancelled, and those that will fail because the test has
 * ended a QEMU itself before they were completed.
 */
static int check_run(const struct mt_pair *pair, struct mt_error *error)
{
    MT_AUTO_JSON json_t *reply = NULL;

    if (pair->sides[MT_SOURCE].vm->expected_to_end) {
        return mt_migration_has_said(pair, "completed") ? fail_left("completed", error) : 0;
    }
    if (mt_process_check(&pair->sides[MT_SOURCE].vm->process)) {
        return mt_process_fail_ended(&pair->sides[MT_SOURCE].vm->process, error);
    }
    if (mt_vm_qmp(pair->sides[MT_SOURCE].vm, &reply, error, "query-migrate", NULL) < 0) {
        return -1;
    }
    const char *status = mt_json_find_text(reply, "status");
    if (status == NULL || strcmp(status, "failed") == 0 || strncmp(status, "cancel", 6) == 0) {
        return 0;
    }
    bool will_fail =
        pair->sides[MT_DESTINATION].vm->expected_to_end && strcmp(status, "completed") != 0;
    return will_fail ? 0 : fail_left(status, error);
}

/* What guests have said since anybody has waited for them. */
static int check_last_words(struct mt_pair *pair, struct mt_error *error)
{
    for (size_t i = 0; i < MT_SIDES; i++) {
        struct mt_vm *vm = pair->sides[i].vm;
        if (vm != NULL && mt_vm_guest_check_complaint(vm, error) < 0) {
            return mt_wrap(error, "on the %s", vm->side);
        }
    }
    return 0;
}

/* Both are told before one is waited for: a QEMU takes a while to give back a guest's memory. */
static int quit_qemus(struct mt_pair *pair, struct mt_error *error)
{
    bool quits[MT_SIDES];

    for (size_t i = 0; i < MT_SIDES; i++) {
        quits[i] = is_to_quit(pair->sides[i].vm);
        if (quits[i] && mt_vm_tell_quit(pair->sides[i].vm, error) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < MT_SIDES; i++) {
        if (quits[i] && mt_vm_wait_exit(pair->sides[i].vm, 0, error) < 0) {
            return -1;
        }
    }
    return 0;
}

int mt_pair_finish(struct mt_pair *pair, struct mt_error *error)
{
    if (pair->run != NULL && !pair->run->over && check_run(pair, error) < 0) {
        return -1;
    }
    if (quit_qemus(pair, error) < 0) {
        return mt_wrap(error, "ending the pair");
    }
    pair->state = MT_PAIR_ENDED;
    if (check_last_words(pair, error) < 0 || mt_verify(pair, MT_ORACLE_CPUID, error) < 0) {
        return -1;
    }
    if (pair->sides[MT_SOURCE].vm != NULL) {
        mt_cost_note(pair);
    }
    return 0;
}
