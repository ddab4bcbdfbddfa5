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
 * What a test leaves under way, nobody has looked at. One that failed or was called off is told by
 * its destination's end, and one of which the test has ended a QEMU itself will fail, unless it was
 * through before.
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

/* The last words of guests that nobody has waited for since. */
static int check_guests(struct mt_vm *const vms[2], struct mt_error *error)
{
    for (int i = 0; i < 2; i++) {
        if (vms[i] != NULL && mt_vm_guest_complaint(vms[i], error) < 0) {
            return mt_wrap(error, "on the %s", vms[i]->side);
        }
    }
    return 0;
}

/* Both are told before one is waited for: giving back a guest's memory takes a while. */
int mt_pair_finish(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_vm *vms[] = {pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm};
    bool quits[] = {is_to_quit(pair->sides[MT_SOURCE].vm),
                    is_to_quit(pair->sides[MT_DESTINATION].vm)};

    if (pair->run != NULL && !pair->run->over && check_run(pair, error) < 0) {
        return -1;
    }
    for (int i = 0; i < 2; i++) {
        if (quits[i] && mt_vm_tell_quit(vms[i], error) < 0) {
            return mt_wrap(error, "ending the pair");
        }
    }
    for (int i = 0; i < 2; i++) {
        if (quits[i] && mt_vm_wait_exit(vms[i], 0, error) < 0) {
            return mt_wrap(error, "ending the pair");
        }
    }
    pair->ended = true;
    if (check_guests(vms, error) < 0 || mt_verify_cpuid(pair, error) < 0) {
        return -1;
    }
    if (pair->sides[MT_SOURCE].vm != NULL) {
        mt_cost_note(pair);
    }
    return 0;
}
