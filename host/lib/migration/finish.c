/* SPDX-License-Identifier: Apache-2.0 */
/* The second half of a migration: convergence, the switchover, the oracles, and the hand-over. */
#include "lib/migration/convergence.h"
#include "lib/migration/start.h"
#include "lib/migration/steps.h"
#include "lib/migration/transport.h"
#include "lib/verify/cpuid.h"
#include "lib/verify/verify.h"

/* How many passes of the source must end while the guest runs and dirties memory. */
static const unsigned least_live_passes = 2;

int mt_migration_continue(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_vm_qmp_format(pair->sides[MT_SOURCE].vm, NULL, error, "migrate-continue",
                         "{'state': 'pre-switchover'}") < 0) {
        return -1;
    }
    pair->run->continued = true;
    return 0;
}

/* QEMU says `completed` a moment before its run state changes, of which there is no event. */
static int wait_postmigrate(struct mt_vm *source, struct mt_error *error)
{
    const int64_t timeout_ms = 10000;

    return mt_vm_wait_reply(source, NULL, "query-status", "status", "postmigrate", timeout_ms,
                            error);
}

/* Whether the source was reset when the guest had already left it. */
static bool is_reset_after_all(const struct mt_pair *pair)
{
    const struct mt_events *events = &pair->sides[MT_SOURCE].vm->monitor.qmp.events;
    size_t stop;

    return mt_events_find(events, "STOP", pair->run->from[MT_SOURCE], &stop) != NULL &&
           mt_events_find(events, "RESET", stop, NULL) != NULL;
}

static int wait_sent(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_migration_run *run = pair->run;

    if (!run->converging && mt_migration_converge(pair, 0, 0, error) < 0) {
        return -1;
    }
    if (run->mode->pauses && !run->continued &&
        (mt_migration_wait_status(pair, MT_SOURCE, "pre-switchover", error) < 0 ||
         mt_migration_continue(pair, error) < 0)) {
        return -1;
    }
    if (mt_migration_wait_status(pair, MT_SOURCE, "completed", error) < 0) {
        return -1;
    }
    if (is_reset_after_all(pair)) {
        return mt_fail(error, "it will not be postmigrate");
    }
    struct mt_vm *source = pair->sides[MT_SOURCE].vm;
    if (wait_postmigrate(source, error) < 0) {
        return -1;
    }
    return run->mode->live
               ? mt_vm_see_event(source, "STOP", run->from[MT_SOURCE], MT_STEP_TIMEOUT_MS, error)
               : 0;
}

static int wait_received(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_transport_is_sequential(&pair->run->request) && mt_migration_listen(pair, error) < 0) {
        return -1;
    }
    return mt_migration_wait_status(pair, MT_DESTINATION, "completed", error);
}

static int start_destination(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_vm *destination = pair->sides[MT_DESTINATION].vm;

    if (pair->run->mode->held && (mt_vm_expect_status(destination, "paused", error) < 0 ||
                                  mt_vm_qmp(destination, NULL, error, "cont", NULL) < 0)) {
        return -1;
    }
    if (mt_vm_see_event(destination, "RESUME", pair->run->from[MT_DESTINATION], MT_STEP_TIMEOUT_MS,
                        error) < 0) {
        return -1;
    }
    return mt_vm_expect_status(destination,
                               mt_migration_is_suspended(pair) ? "suspended" : "running", error);
}

/* Where no oracle has compared RAM, the guest checks all of it. */
static int see_destination_run(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_vm *destination = pair->sides[MT_DESTINATION].vm;
    bool compared = (pair->run->mode->at_still & MT_ORACLE_RAM) != 0;

    if (mt_migration_is_suspended(pair)) {
        return 0;
    }
    return mt_vm_guest_see_run(destination,
                               compared ? mt_vm_guest_compare_registers : mt_vm_guest_check, error);
}

static int switch_over(struct mt_pair *pair, struct mt_error *error)
{
    if (wait_sent(pair, error) < 0 || wait_received(pair, error) < 0 ||
        (pair->run->mode->at_still != 0 && mt_verify_still(pair, error) < 0)) {
        return is_reset_after_all(pair)
                   ? mt_wrap(error, "the source was reset after it had stopped for the switchover, "
                                    "so what it holds is not the guest's any more")
                   : -1;
    }
    return 0;
}

int mt_migration_finish(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_migration_need_run(pair, error) < 0 || switch_over(pair, error) < 0) {
        return -1;
    }
    if (start_destination(pair, error) < 0 || see_destination_run(pair, error) < 0) {
        mt_cpuid_note(pair);
        return mt_wrap(error, "after the switchover");
    }
    pair->run->over = true;
    return mt_verify(pair, pair->run->mode->after, error);
}

/* A suspended guest dirties nothing, so that its migration ends after the first pass. */
static bool dirties(const struct mt_pair *pair)
{
    return pair->run->mode->live && !mt_migration_is_suspended(pair);
}

int mt_migration_whole(struct mt_pair *pair, const struct mt_request *request,
                       struct mt_error *error)
{
    if (mt_migration_start_fast(pair, request, error) < 0) {
        return -1;
    }
    if (dirties(pair) && (mt_migration_wait_pass(pair, least_live_passes, error) < 0 ||
                          mt_convergence_finish_slowly(pair, error) < 0)) {
        return -1;
    }
    return mt_migration_finish(pair, error);
}
