/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations that are cancelled or fail: the source goes on, and nothing of the migration is left.
 */
#include <signal.h>

#include "lib/migration/steps.h"
#include "lib/verify/ownership.h"
#include "lib/verify/verify.h"

static int wait_running(struct mt_pair *pair, struct mt_error *error)
{
    const char *status = mt_migration_is_suspended(pair) ? "suspended" : "running";

    return mt_vm_wait_reply(pair->sides[MT_SOURCE].vm, NULL, "query-status", "status", status,
                            MT_STEP_TIMEOUT_MS, error);
}

/* A guest that was stopped for the migration runs again, as before. */
static int wait_source(struct mt_pair *pair, const char *outcome, struct mt_error *error)
{
    if (pair->run->mode->live) {
        /* QEMU says `failed` a moment before the source runs on. RESUME comes before the run state.
         */
        return wait_running(pair, error) < 0 ? -1 : mt_ownership_check_kept(pair, outcome, error);
    }
    if (mt_ownership_check_kept(pair, outcome, error) < 0 ||
        mt_vm_qmp(pair->sides[MT_SOURCE].vm, NULL, error, "cont", NULL) < 0) {
        return -1;
    }
    return wait_running(pair, error);
}

static int wait_source_goes_on(struct mt_pair *pair, const char *outcome, struct mt_error *error)
{
    if (wait_source(pair, outcome, error) < 0) {
        return -1;
    }
    pair->run->over = true;
    if (mt_verify(pair, MT_ORACLE_LEFTOVERS, error) < 0) {
        return -1;
    }
    if (mt_migration_is_suspended(pair)) {
        return 0;
    }
    return mt_vm_guest_see_run(pair->sides[MT_SOURCE].vm, mt_vm_guest_check, error);
}

int mt_migration_cancel(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_migration_need_run(pair, error) < 0) {
        return -1;
    }
    /* The destination ends because of this. Its exit status is the test's to judge. */
    pair->sides[MT_DESTINATION].vm->expected_to_end = true;
    if (mt_vm_qmp(pair->sides[MT_SOURCE].vm, NULL, error, "migrate_cancel", NULL) < 0 ||
        mt_migration_wait_status(pair, MT_SOURCE, "cancelled", error) < 0 ||
        wait_source_goes_on(pair, "cancelled", error) < 0) {
        return mt_wrap(error, "cancelling the migration");
    }
    return 0;
}

int mt_migration_lose_destination(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_migration_need_run(pair, error) < 0) {
        return -1;
    }
    if (mt_process_check(&pair->sides[MT_DESTINATION].vm->process)) {
        mt_process_fail_ended(&pair->sides[MT_DESTINATION].vm->process, error);
        return mt_wrap(error, "losing the destination");
    }
    if (mt_migration_has_said(pair, "pre-switchover") && !pair->run->continued) {
        return mt_fail(error, "losing the destination: a source at status pre-switchover sends "
                              "nothing, and would not notice; mt_migrate_continue comes first");
    }
    pair->sides[MT_DESTINATION].vm->expected_to_end = true;
    kill(pair->sides[MT_DESTINATION].vm->process.pid, SIGKILL);
    if (mt_migration_wait_status(pair, MT_SOURCE, "failed", error) < 0 ||
        wait_source_goes_on(pair, "failed", error) < 0) {
        return mt_wrap(error, "losing the destination");
    }
    mt_process_end(&pair->sides[MT_DESTINATION].vm->process);
    return 0;
}
