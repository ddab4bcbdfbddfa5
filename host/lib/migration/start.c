/* SPDX-License-Identifier: Apache-2.0 */
/* The first half of a migration: settings, the listening destination, and `migrate` itself. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lib/migration/address.h"
#include "lib/migration/run.h"
#include "lib/migration/start.h"
#include "lib/verify/leftovers.h"

/*
 * A first pass must outlast one of QEMU's windows of 100 ms in which it measures its bandwidth:
 * until the first has ended its switchover threshold is 0, and an estimate that meets it then ends
 * the migration at once. And the guest must dirty memory meanwhile, or it has converged, rightly;
 * on a busy host it may get no processor for longer than a fast pass lasts, and under an emulated
 * KVM it was seen to dirty 5 MB/s. So 0.2 MB go into each window until the guest has passed over
 * its memory once more.
 */
static const int64_t patient_bandwidth = 2000000;
enum { PASSES_WHILE_PATIENT = 2 }; /* the first report may be of a pass that was all but over */

/*
 * With that much sent, less what QEMU counts nowhere but in its limit, the source has come to the
 * end of its first window's share and sleeps until the next. A thread that got no processor until
 * then would pass over all memory within its first window, if it may be fast.
 */
static const int64_t patient_share = patient_bandwidth / 10 * 9 / 10;

/* Then a pass takes 0.26 s, in which a test can do something; where it does nothing, as little as
 * the host can. */
static const int64_t steady_bandwidth = 400000000;
static const int64_t fast_bandwidth = 10000000000;

/* With it and 30 s of downtime 1.5 GB may remain, which is more than the guest writes to. */
static const int64_t idle_bandwidth = 50000000;

/* 0 would not hold a migration up but force it through after the first pass. */
static const int64_t patient_downtime_ms = 1;

int mt_migration_need_run(const struct mt_pair *pair, struct mt_error *error)
{
    return pair->run != NULL && !pair->run->over ? 0 : mt_fail(error, "no migration is under way");
}

bool mt_migration_stands_still(const struct mt_pair *pair)
{
    const struct mt_migration *wants = &pair->run->wants;

    return !wants->live || (pair->config->hold && !wants->self_start);
}

/* As it was before the events from that one on. */
static bool is_suspended(const struct mt_events *events, size_t from, bool suspended)
{
    for (size_t i = from; i < events->count; i++) {
        if (strcmp(events->entries[i].name, "SUSPEND") == 0) {
            suspended = true;
        } else if (strcmp(events->entries[i].name, "WAKEUP") == 0 ||
                   strcmp(events->entries[i].name, "RESET") == 0) {
            suspended = false;
        }
    }
    return suspended;
}

bool mt_migration_is_suspended(const struct mt_pair *pair)
{
    return is_suspended(&pair->source->qmp.events, pair->run->source_from,
                        pair->run->began_suspended);
}

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
        return mt_pair_set_capabilities(
            pair, pair->source, json_pack("{s:b}", "pause-before-switchover", false), error);
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
        return mt_pair_set_capabilities(pair, pair->source,
                                        json_pack("{s:b}", "pause-before-switchover", true), error);
    }
    return 0;
}

static int set_bandwidth(struct mt_pair *pair, int64_t bandwidth, struct mt_error *error)
{
    return mt_pair_set_parameters(
        pair, pair->source, json_pack("{s:I}", "max-bandwidth", (json_int_t)bandwidth), error);
}

static int set_speed(struct mt_pair *pair, int64_t bandwidth, int64_t downtime_ms,
                     struct mt_error *error)
{
    return mt_pair_set_parameters(pair, pair->source,
                                  json_pack("{s:I, s:I}", "max-bandwidth", (json_int_t)bandwidth,
                                            "downtime-limit", (json_int_t)downtime_ms),
                                  error);
}

int mt_migration_converge(struct mt_pair *pair, int64_t bandwidth, int64_t downtime_limit,
                          struct mt_error *error)
{
    const int64_t plenty_downtime_ms = 30000;

    if (pair->run != NULL) {
        pair->run->converging = true;
    }
    return set_speed(pair, bandwidth > 0 ? bandwidth : fast_bandwidth,
                     downtime_limit > 0 ? downtime_limit : plenty_downtime_ms, error);
}

static int stop_source(struct mt_pair *pair, struct mt_error *error)
{
    size_t from = pair->source->qmp.events.count;

    if (mt_vm_qmp(pair->source, NULL, error, "stop", NULL) < 0 ||
        mt_vm_see_event(pair->source, "STOP", from, MT_STEP_TIMEOUT_MS, error) < 0) {
        return -1;
    }
    return mt_vm_expect_status(pair->source, "paused", error);
}

static int64_t first_bandwidth(const struct mt_pair *pair, const struct mt_migration *wants)
{
    if (wants->bandwidth > 0) {
        return wants->bandwidth;
    }
    return pair->guest_suspended ? steady_bandwidth : patient_bandwidth;
}

/* What QEMU thinks fits into the downtime it sends without minding the bandwidth. */
static int64_t patient_downtime(const struct mt_migration *wants)
{
    return wants->downtime_limit > 0 ? wants->downtime_limit : patient_downtime_ms;
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
                          struct mt_error *error)
{
    const char *status;

    if (mt_vm_status(pair->source, &status, error) < 0) {
        return -1;
    }
    bool suspended = strcmp(status, "suspended") == 0;
    bool goes_on = suspended || strcmp(status, "running") == 0;
    /* A stopped guest may have been suspended before, and is again when it goes on. */
    pair->guest_suspended =
        suspended || (!goes_on && is_suspended(&pair->source->qmp.events, 0, false));
    if (wants->live && !goes_on) {
        return mt_fail(error, "the guest of a live migration has to run, and the source is %s",
                       status);
    }
    if (wants->live) {
        return set_speed(pair, first_bandwidth(pair, wants), patient_downtime(wants), error);
    }
    if (goes_on && stop_source(pair, error) < 0) {
        return -1;
    }
    return wants->bandwidth > 0 ? set_speed(pair, wants->bandwidth, patient_downtime(wants), error)
                                : mt_migration_converge(pair, 0, wants->downtime_limit, error);
}

int mt_migration_listen(struct mt_pair *pair, struct mt_error *error)
{
    const struct mt_migration *wants = &pair->run->wants;
    json_t *arguments;

    /* With -S, `cont` before the stream comes means: start by yourself when it is there. */
    if (wants->self_start && pair->config->hold &&
        mt_vm_qmp(pair->destination, NULL, error, "cont", NULL) < 0) {
        return -1;
    }
    if (mt_address_incoming(pair, wants, &arguments, error) < 0 ||
        mt_vm_qmp(pair->destination, NULL, error, "migrate-incoming", arguments) < 0) {
        return -1;
    }
    return mt_migration_wait_status(pair, pair->destination, "setup", error);
}

static void begin_run(struct mt_pair *pair, const struct mt_migration *wants)
{
    struct mt_migration_run *run = mt_alloc(1, sizeof(*run));

    mt_serial_receive(&pair->source->serial);
    mt_beats_begin_anew(&pair->source->serial.beats);
    run->wants = *wants;
    run->source_from = pair->source->qmp.events.count;
    run->destination_from = pair->destination->qmp.events.count;
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
    return mt_vm_qmp(pair->source, NULL, error, "migrate", arguments);
}

static bool is_patient(const struct mt_pair *pair)
{
    const struct mt_migration *wants = &pair->run->wants;

    return wants->live && wants->bandwidth == 0 && !pair->run->began_suspended;
}

static int be_patient(struct mt_pair *pair, struct mt_error *error)
{
    if (mt_migration_wait_status(pair, pair->source, "active", error) < 0) {
        return -1;
    }
    return mt_migration_wait_guest(pair, PASSES_WHILE_PATIENT, error);
}

static int begin(struct mt_pair *pair, const struct mt_migration *wants, struct mt_error *error)
{
    if (mt_pair_start(pair, error) < 0) {
        return -1;
    }
    if (pair->destination == NULL) {
        return mt_fail(error, "this pair has no destination");
    }
    mt_leftovers_mark(pair, pair->source);
    mt_leftovers_mark(pair, pair->destination);
    if (check_wants(pair, wants, error) < 0 || leave_features(pair, wants, error) < 0 ||
        set_features(pair, wants, error) < 0 || prepare_source(pair, wants, error) < 0) {
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
    if (begin(pair, wants, error) < 0) {
        return -1;
    }
    if (!is_patient(pair)) {
        return 0;
    }
    return be_patient(pair, error) < 0 ? -1 : set_bandwidth(pair, steady_bandwidth, error);
}

int mt_migration_start_fast(struct mt_pair *pair, const struct mt_migration *wants,
                            struct mt_error *error)
{
    if (begin(pair, wants, error) < 0) {
        return -1;
    }
    if (!is_patient(pair)) {
        return 0;
    }
    if (be_patient(pair, error) < 0 || mt_migration_wait_sent(pair, patient_share, error) < 0) {
        return -1;
    }
    return set_bandwidth(pair, fast_bandwidth, error);
}

/*
 * QEMU decides by the bandwidth of its last window: what it sends until this one ends is sent in
 * vain, as the guest writes to all of it again. What it then still has to send does not count.
 */
int mt_migration_converge_idly(struct mt_pair *pair, struct mt_error *error)
{
    return mt_migration_converge(pair, is_patient(pair) ? idle_bandwidth : 0, 0, error);
}
