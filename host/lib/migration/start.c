/* SPDX-License-Identifier: Apache-2.0 */
/* The first half of a migration: settings, the listening destination, and `migrate` itself. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "lib/migration/address.h"
#include "lib/migration/convergence.h"
#include "lib/migration/start.h"
#include "lib/migration/steps.h"
#include "lib/verify/leftovers.h"

/* What the migration before had and this one has not. */
static int leave_features(struct mt_pair *pair, const struct mt_migration *wants,
                          struct mt_error *error)
{
    const struct mt_migration *before = pair->run != NULL ? &pair->run->wants : NULL;

    if (before != NULL && before->channels > 0 && wants->channels == 0 &&
        mt_pair_set_capabilities(pair, NULL, json_pack("{s:b}", "multifd", false), error) < 0) {
        return -1;
    }
    if (before != NULL && before->pause && !wants->pause) {
        return mt_pair_set_capabilities(pair, pair->sides[MT_SOURCE].vm,
                                        json_pack("{s:b}", "pause-before-switchover", false),
                                        error);
    }
    return 0;
}

static int set_features(struct mt_pair *pair, const struct mt_migration *wants,
                        struct mt_error *error)
{
    if (wants->channels > 0 &&
        (mt_pair_set_parameters(pair, NULL,
                                json_pack("{s:I}", "multifd-channels", (json_int_t)wants->channels),
                                error) < 0 ||
         mt_pair_set_capabilities(pair, NULL, json_pack("{s:b}", "multifd", true), error) < 0)) {
        return -1;
    }
    if (wants->pause) {
        return mt_pair_set_capabilities(pair, pair->sides[MT_SOURCE].vm,
                                        json_pack("{s:b}", "pause-before-switchover", true), error);
    }
    return 0;
}

static int stop_source(struct mt_pair *pair, struct mt_error *error)
{
    size_t from = pair->sides[MT_SOURCE].vm->monitor.qmp.events.count;

    if (mt_vm_qmp(pair->sides[MT_SOURCE].vm, NULL, error, "stop", NULL) < 0 ||
        mt_vm_see_event(pair->sides[MT_SOURCE].vm, "STOP", from, MT_STEP_TIMEOUT_MS, error) < 0) {
        return -1;
    }
    return mt_vm_expect_status(pair->sides[MT_SOURCE].vm, "paused", error);
}

static int check_wants(const struct mt_pair *pair, const struct mt_migration *wants,
                       struct mt_error *error)
{
    if (pair->relay != NULL && mt_relay_holds(pair->relay) && !wants->relay) {
        return mt_fail(error, "a wire is held, and this migration has none: it lacks .relay");
    }
    if (wants->bandwidth < 0) {
        return mt_fail(error, "a migration has no bandwidth of %lld", (long long)wants->bandwidth);
    }
    if (wants->downtime_limit < 0) {
        return mt_fail(error, "a migration has no downtime limit of %lld",
                       (long long)wants->downtime_limit);
    }
    return 0;
}

static int prepare_source(struct mt_pair *pair, const struct mt_migration *wants,
                          enum mt_speed speed, struct mt_error *error)
{
    MT_AUTO_FREE char *status = NULL;

    if (mt_vm_status(pair->sides[MT_SOURCE].vm, &status, error) < 0) {
        return -1;
    }
    bool suspended = strcmp(status, "suspended") == 0;
    bool goes_on = suspended || strcmp(status, "running") == 0;
    /* A stopped guest may have been suspended before, and is again when it goes on. */
    pair->guest_suspended =
        suspended || (!goes_on && mt_migration_suspended_after(
                                      &pair->sides[MT_SOURCE].vm->monitor.qmp.events, 0, false));
    if (wants->live && !goes_on) {
        return mt_fail(error, "the guest of a live migration has to run, and the source is %s",
                       status);
    }
    if (!wants->live && goes_on && stop_source(pair, error) < 0) {
        return -1;
    }
    return mt_convergence_prepare(pair, wants, speed, error);
}

int mt_migration_listen(struct mt_pair *pair, struct mt_error *error)
{
    const struct mt_migration *wants = &pair->run->wants;
    json_t *arguments;

    /* With -S, `cont` before the stream comes means: start by yourself when it is there. */
    if (wants->self_start && pair->config->hold &&
        mt_vm_qmp(pair->sides[MT_DESTINATION].vm, NULL, error, "cont", NULL) < 0) {
        return -1;
    }
    if (mt_address_incoming(pair, wants, &arguments, error) < 0 ||
        mt_vm_qmp(pair->sides[MT_DESTINATION].vm, NULL, error, "migrate-incoming", arguments) < 0) {
        return -1;
    }
    return mt_migration_wait_status(pair, pair->sides[MT_DESTINATION].vm, "setup", error);
}

static void begin_run(struct mt_pair *pair, const struct mt_migration *wants)
{
    struct mt_migration_run *run = mt_alloc(1, sizeof(*run));

    mt_vm_receive_guest(pair->sides[MT_SOURCE].vm);
    mt_vm_guest_may_come(pair->sides[MT_DESTINATION].vm, pair->sides[MT_SOURCE].vm);
    mt_beats_forget_last(&pair->sides[MT_SOURCE].vm->serial.beats);
    mt_starvation_watch(&pair->sides[MT_SOURCE].vm->process.starvation);
    mt_starvation_watch(&pair->sides[MT_DESTINATION].vm->process.starvation);
    mt_starvation_note_migration(&pair->sides[MT_SOURCE].vm->process.starvation);
    run->begun_us = mt_now_us();
    run->wants = *wants;
    run->from[MT_SOURCE] = pair->sides[MT_SOURCE].vm->monitor.qmp.events.count;
    run->from[MT_DESTINATION] = pair->sides[MT_DESTINATION].vm->monitor.qmp.events.count;
    run->began_suspended = pair->guest_suspended;
    run->converging = !wants->live;
    free(pair->run);
    pair->run = run;
}

static int send(struct mt_pair *pair, struct mt_error *error)
{
    json_t *arguments;

    if (mt_address_outgoing(pair, &pair->run->wants, &arguments, error) < 0) {
        return -1;
    }
    return mt_vm_qmp(pair->sides[MT_SOURCE].vm, NULL, error, "migrate", arguments);
}

static int begin(struct mt_pair *pair, const struct mt_migration *wants, enum mt_speed speed,
                 struct mt_error *error)
{
    if (mt_pair_start(pair, error) < 0) {
        return -1;
    }
    if (pair->sides[MT_DESTINATION].vm == NULL) {
        return mt_fail(error, "this pair has no destination");
    }
    mt_leftovers_mark(pair, pair->sides[MT_SOURCE].vm);
    mt_leftovers_mark(pair, pair->sides[MT_DESTINATION].vm);
    if (check_wants(pair, wants, error) < 0 || leave_features(pair, wants, error) < 0 ||
        set_features(pair, wants, error) < 0 || prepare_source(pair, wants, speed, error) < 0) {
        return mt_wrap(error, "preparing the migration");
    }
    begin_run(pair, wants);
    if ((!wants->to_file && mt_migration_listen(pair, error) < 0) || send(pair, error) < 0) {
        return mt_wrap(error, "starting the migration");
    }
    return 0;
}

int mt_migration_start(struct mt_pair *pair, const struct mt_migration *wants,
                       struct mt_error *error)
{
    return begin(pair, wants, MT_STEADILY, error) < 0
               ? -1
               : mt_convergence_speed_up(pair, MT_STEADILY, error);
}

int mt_migration_start_fast(struct mt_pair *pair, const struct mt_migration *wants,
                            struct mt_error *error)
{
    return begin(pair, wants, MT_FAST, error) < 0 ? -1
                                                  : mt_convergence_speed_up(pair, MT_FAST, error);
}
