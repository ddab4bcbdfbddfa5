/* SPDX-License-Identifier: Apache-2.0 */
/* The first half of a migration: settings, the listening destination, and `migrate` itself. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "lib/migration/convergence.h"
#include "lib/migration/start.h"
#include "lib/migration/steps.h"
#include "lib/migration/transport.h"
#include "lib/verify/leftovers.h"

/* What the migration needs on both sides. */
static int set_features(struct mt_side *side, const struct mt_request *request,
                        struct mt_error *error)
{
    struct mt_settings *settings = &side->settings.migration;

    if (request->channels == 0) {
        return 0;
    }
    return mt_settings_set(settings, MT_PARAMETER, "multifd-channels",
                           json_integer(request->channels), error) < 0
               ? -1
               : mt_settings_set(settings, MT_CAPABILITY, "multifd", json_true(), error);
}

/* Replaces the settings of the migration before: what only that one had, is taken back. */
static int prepare_settings(struct mt_pair *pair, const struct mt_request *request, bool suspended,
                            enum mt_speed speed, struct mt_error *error)
{
    struct mt_side *source = &pair->sides[MT_SOURCE];

    for (size_t i = 0; i < MT_SIDES; i++) {
        mt_settings_clear(&pair->sides[i].settings.migration);
        pair->sides[i].settings.migration = mt_settings_new();
        if (set_features(&pair->sides[i], request, error) < 0) {
            return -1;
        }
    }
    if ((request->pause && mt_settings_set(&source->settings.migration, MT_CAPABILITY,
                                           "pause-before-switchover", json_true(), error) < 0) ||
        mt_convergence_prepare(source, request, suspended, speed, error) < 0) {
        return -1;
    }
    for (size_t i = 0; i < MT_SIDES; i++) {
        if (mt_side_apply(&pair->sides[i], error) < 0) {
            return -1;
        }
    }
    return 0;
}

static int stop_guest(struct mt_vm *source, struct mt_error *error)
{
    size_t from = source->monitor.qmp.events.count;

    if (mt_vm_qmp(source, NULL, error, "stop", NULL) < 0 ||
        mt_vm_see_event(source, "STOP", from, MT_STEP_TIMEOUT_MS, error) < 0) {
        return -1;
    }
    return mt_vm_expect_status(source, "paused", error);
}

static int check_request(struct mt_pair *pair, const struct mt_request *request,
                         struct mt_error *error)
{
    if (pair->wire.relay != NULL && mt_relay_holds(pair->wire.relay) && !request->relay) {
        return mt_fail(error, "a wire is held, and this migration has none: it lacks .relay");
    }
    if (request->bandwidth < 0) {
        return mt_fail(error, "a migration has no bandwidth of %lld",
                       (long long)request->bandwidth);
    }
    if (request->downtime_limit < 0) {
        return mt_fail(error, "a migration has no downtime limit of %lld",
                       (long long)request->downtime_limit);
    }
    return mt_transport_check(request, error);
}

/* Lets the guest run or stand still, as the test asks for. Tells whether the guest is suspended. */
static int prepare_guest(struct mt_vm *source, const struct mt_request *request,
                         bool *ret_suspended, struct mt_error *error)
{
    MT_AUTO_FREE char *status = NULL;

    if (mt_vm_status(source, &status, error) < 0) {
        return -1;
    }
    bool suspended = strcmp(status, "suspended") == 0;
    bool runs = suspended || strcmp(status, "running") == 0;
    if (request->live && !runs) {
        return mt_fail(error, "the guest of a live migration has to run, and the source is %s",
                       status);
    }
    if (!request->live && runs && stop_guest(source, error) < 0) {
        return -1;
    }
    /* A stopped guest may have been suspended before, and is suspended again when it goes on. */
    *ret_suspended =
        suspended || (!runs && mt_migration_suspended_after(&source->monitor.qmp.events, 0, false));
    return 0;
}

int mt_migration_listen(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_vm *destination = pair->sides[MT_DESTINATION].vm;

    /* With -S, `cont` before the stream comes means: run by yourself when the stream is there. */
    if (!pair->run->mode->held && pair->config->hold &&
        mt_vm_qmp(destination, NULL, error, "cont", NULL) < 0) {
        return -1;
    }
    if (mt_vm_qmp(destination, NULL, error, "migrate-incoming",
                  mt_transport_incoming(pair, &pair->run->request)) < 0) {
        return -1;
    }
    return mt_migration_wait_status(pair, MT_DESTINATION, "setup", error);
}

static void begin_run(struct mt_pair *pair, const struct mt_request *request, bool suspended)
{
    struct mt_migration_run *run = mt_alloc(1, sizeof(*run));
    struct mt_vm *source = pair->sides[MT_SOURCE].vm;

    mt_vm_guest_receive(source);
    mt_vm_guest_may_come(pair->sides[MT_DESTINATION].vm, source);
    mt_beats_forget_last(mt_vm_guest_beats(source));
    mt_starvation_note_migration(&source->process.starvation);
    for (size_t i = 0; i < MT_SIDES; i++) {
        mt_starvation_watch(&pair->sides[i].vm->process.starvation);
        run->from[i] = pair->sides[i].vm->monitor.qmp.events.count;
    }
    run->begun_us = mt_now_us();
    run->request = *request;
    run->mode =
        mt_mode_find(request->live, request->pause, pair->config->hold && !request->self_start);
    run->began_suspended = suspended;
    run->converging = !request->live;
    free(pair->run);
    pair->run = run;
}

static int send_stream(struct mt_pair *pair, struct mt_error *error)
{
    json_t *arguments;

    if (mt_transport_outgoing(pair, &pair->run->request, &arguments, error) < 0) {
        return -1;
    }
    return mt_vm_qmp(pair->sides[MT_SOURCE].vm, NULL, error, "migrate", arguments);
}

static int prepare_pair(struct mt_pair *pair, const struct mt_request *request, enum mt_speed speed,
                        bool *ret_suspended, struct mt_error *error)
{
    if (check_request(pair, request, error) < 0 ||
        prepare_guest(pair->sides[MT_SOURCE].vm, request, ret_suspended, error) < 0) {
        return -1;
    }
    return prepare_settings(pair, request, *ret_suspended, speed, error);
}

static int start_at_speed(struct mt_pair *pair, const struct mt_request *request,
                          enum mt_speed speed, struct mt_error *error)
{
    bool suspended = false;

    if (mt_pair_start(pair, error) < 0) {
        return -1;
    }
    if (pair->sides[MT_DESTINATION].vm == NULL) {
        return mt_fail(error, "this pair has no destination");
    }
    mt_leftovers_set_baseline(pair, pair->sides[MT_SOURCE].vm);
    mt_leftovers_set_baseline(pair, pair->sides[MT_DESTINATION].vm);
    if (prepare_pair(pair, request, speed, &suspended, error) < 0) {
        return mt_wrap(error, "preparing the migration");
    }
    begin_run(pair, request, suspended);
    if ((!mt_transport_is_sequential(request) && mt_migration_listen(pair, error) < 0) ||
        send_stream(pair, error) < 0) {
        return mt_wrap(error, "starting the migration");
    }
    return mt_convergence_speed_up(pair, speed, error);
}

int mt_migration_start(struct mt_pair *pair, const struct mt_request *request,
                       struct mt_error *error)
{
    return start_at_speed(pair, request, MT_STEADILY, error);
}

int mt_migration_start_fast(struct mt_pair *pair, const struct mt_request *request,
                            struct mt_error *error)
{
    return start_at_speed(pair, request, MT_FAST, error);
}
