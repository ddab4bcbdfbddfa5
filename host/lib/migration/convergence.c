/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/migration/convergence.h"

#include "base/json.h"
#include "lib/migration/steps.h"

/*
 * QEMU converges when what remains fits its threshold, the bandwidth of the latest of its windows
 * of 100 ms times the downtime limit, and at once when nothing remains and the threshold is 0.
 *
 * It is 0 until the first window has ended, which a first pass must outlast. And the guest must
 * dirty memory meanwhile, or it has converged, rightly; on a busy host it may get no processor for
 * longer than a fast pass lasts, and under an emulated KVM it was seen to dirty 5 MB/s. So 0.2 MB
 * go into each window until the guest has passed over its memory once more.
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

/*
 * The threshold is 0 again after a window in which QEMU's thread got no processor and sent a few
 * bytes (measured: 18 in 115 ms, with multifd). Where it can be told the bandwidth to reckon with
 * (QEMU 8.2), it is: a test that sets a downtime limit by itself finds what it would have measured,
 * and where no test can, the threshold is less than a page.
 */
static const char declared_bandwidth[] = "avail-switchover-bandwidth";
static const int64_t bandwidths_to_declare[] = {
    [MT_STEADILY] = steady_bandwidth,
    [MT_FAST] = patient_bandwidth,
};

/* With it and 30 s of downtime 1.5 GB may remain, which is more than the guest writes to. */
static const int64_t idle_bandwidth = 50000000;

/* 0 would not hold a migration up but force it through after the first pass. */
static const int64_t patient_downtime_ms = 1;

static int set_speed(struct mt_pair *pair, int64_t bandwidth, int64_t downtime_ms, int64_t declared,
                     struct mt_error *error)
{
    json_t *parameters = json_pack("{s:I, s:I}", "max-bandwidth", (json_int_t)bandwidth,
                                   "downtime-limit", (json_int_t)downtime_ms);

    if (declared > 0 || pair->bandwidth_declared) {
        json_object_set_new(parameters, declared_bandwidth, json_integer(declared));
        pair->bandwidth_declared = declared > 0;
    }
    return mt_pair_set_parameters(pair, pair->sides[MT_SOURCE].vm, parameters, error);
}

static int set_bandwidth(struct mt_pair *pair, int64_t bandwidth, struct mt_error *error)
{
    return mt_pair_set_parameters(pair, pair->sides[MT_SOURCE].vm,
                                  json_pack("{s:I}", "max-bandwidth", (json_int_t)bandwidth),
                                  error);
}

/* Not where QEMU has no such parameter, or the test has set it. */
static int may_declare(struct mt_pair *pair, struct mt_error *error)
{
    MT_AUTO_JSON json_t *parameters = NULL;

    if (pair->bandwidth_declared) {
        return 1;
    }
    if (mt_vm_qmp(pair->sides[MT_SOURCE].vm, &parameters, error, "query-migrate-parameters", NULL) <
        0) {
        return -1;
    }
    const json_t *declared = json_object_get(parameters, declared_bandwidth);
    return json_is_integer(declared) && json_integer_value(declared) == 0;
}

int mt_convergence_prepare(struct mt_pair *pair, const struct mt_migration *wants,
                           enum mt_speed speed, struct mt_error *error)
{
    /* What QEMU thinks fits into the downtime it sends without minding the bandwidth. */
    int64_t downtime_ms = wants->downtime_limit > 0 ? wants->downtime_limit : patient_downtime_ms;

    if (wants->bandwidth > 0) {
        return set_speed(pair, wants->bandwidth, downtime_ms, 0, error);
    }
    if (!wants->live) {
        return mt_migration_converge(pair, 0, wants->downtime_limit, error);
    }
    if (pair->guest_suspended) {
        return set_speed(pair, steady_bandwidth, downtime_ms, 0, error);
    }
    int declares = wants->downtime_limit > 0 ? 0 : may_declare(pair, error);
    return declares < 0 ? -1
                        : set_speed(pair, patient_bandwidth, downtime_ms,
                                    declares ? bandwidths_to_declare[speed] : 0, error);
}

static bool is_patient(const struct mt_pair *pair)
{
    const struct mt_migration *wants = &pair->run->wants;

    return wants->live && wants->bandwidth == 0 && !pair->run->began_suspended;
}

int mt_convergence_speed_up(struct mt_pair *pair, enum mt_speed speed, struct mt_error *error)
{
    if (!is_patient(pair)) {
        return 0;
    }
    if (mt_migration_wait_status(pair, pair->sides[MT_SOURCE].vm, "active", error) < 0 ||
        mt_migration_wait_guest(pair, PASSES_WHILE_PATIENT, error) < 0) {
        return -1;
    }
    if (speed == MT_STEADILY) {
        return set_bandwidth(pair, steady_bandwidth, error);
    }
    return mt_migration_wait_sent(pair, patient_share, error) < 0
               ? -1
               : set_bandwidth(pair, fast_bandwidth, error);
}

int mt_migration_converge(struct mt_pair *pair, int64_t bandwidth, int64_t downtime_limit,
                          struct mt_error *error)
{
    const int64_t plenty_downtime_ms = 30000;

    if (pair->run != NULL) {
        pair->run->converging = true;
    }
    return set_speed(pair, bandwidth > 0 ? bandwidth : fast_bandwidth,
                     downtime_limit > 0 ? downtime_limit : plenty_downtime_ms, 0, error);
}

/*
 * QEMU decides by the bandwidth of its last window: what it sends until this one ends is sent in
 * vain, as the guest writes to all of it again. What it then still has to send does not count.
 */
int mt_convergence_let_idly(struct mt_pair *pair, struct mt_error *error)
{
    return mt_migration_converge(pair, is_patient(pair) ? idle_bandwidth : 0, 0, error);
}
