/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/migration/convergence.h"

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

/* The downtime limit that any guest meets. */
static const int64_t plenty_downtime_ms = 30000;

static int set_number(struct mt_settings *settings, const char *name, int64_t value,
                      struct mt_error *error)
{
    return mt_settings_set(settings, MT_PARAMETER, name, json_integer(value), error);
}

static int set_speed(struct mt_settings *settings, int64_t bandwidth, int64_t downtime_ms,
                     struct mt_error *error)
{
    return set_number(settings, "max-bandwidth", bandwidth, error) < 0
               ? -1
               : set_number(settings, "downtime-limit", downtime_ms, error);
}

/* Not where QEMU has no such parameter, or the test has set it. */
static int declare_bandwidth(struct mt_side_settings *settings, struct mt_vm *source,
                             int64_t bandwidth, struct mt_error *error)
{
    const json_t *initial;

    if (json_object_get(settings->test.values[MT_PARAMETER], declared_bandwidth) != NULL) {
        return 0;
    }
    if (mt_side_settings_find_initial(settings, source, MT_PARAMETER, declared_bandwidth, &initial,
                                      error) < 0) {
        return -1;
    }
    return json_is_integer(initial) && json_integer_value(initial) == 0
               ? set_number(&settings->migration, declared_bandwidth, bandwidth, error)
               : 0;
}

int mt_convergence_prepare(struct mt_side *source, const struct mt_request *request, bool suspended,
                           enum mt_speed speed, struct mt_error *error)
{
    struct mt_settings *settings = &source->settings.migration;
    /* What QEMU thinks fits into the downtime is sent at full speed, whatever the bandwidth. */
    int64_t downtime_ms =
        request->downtime_limit > 0 ? request->downtime_limit : patient_downtime_ms;

    if (request->bandwidth > 0) {
        return set_speed(settings, request->bandwidth, downtime_ms, error);
    }
    if (!request->live) {
        return set_speed(settings, fast_bandwidth,
                         request->downtime_limit > 0 ? request->downtime_limit : plenty_downtime_ms,
                         error);
    }
    if (suspended) {
        return set_speed(settings, steady_bandwidth, downtime_ms, error);
    }
    if (request->downtime_limit == 0 &&
        declare_bandwidth(&source->settings, source->vm, bandwidths_to_declare[speed], error) < 0) {
        return -1;
    }
    return set_speed(settings, patient_bandwidth, downtime_ms, error);
}

static bool is_patient(const struct mt_migration_run *run)
{
    return run->mode->live && run->request.bandwidth == 0 && !run->began_suspended;
}

static int change_bandwidth(struct mt_side *source, int64_t bandwidth, struct mt_error *error)
{
    return set_number(&source->settings.migration, "max-bandwidth", bandwidth, error) < 0
               ? -1
               : mt_side_apply(source, error);
}

int mt_convergence_speed_up(struct mt_pair *pair, enum mt_speed speed, struct mt_error *error)
{
    struct mt_side *source = &pair->sides[MT_SOURCE];

    if (!is_patient(pair->run)) {
        return 0;
    }
    if (mt_migration_wait_status(pair, MT_SOURCE, "active", error) < 0 ||
        mt_migration_wait_guest(pair, PASSES_WHILE_PATIENT, error) < 0) {
        return -1;
    }
    if (speed == MT_STEADILY) {
        return change_bandwidth(source, steady_bandwidth, error);
    }
    return mt_migration_wait_sent(pair, patient_share, error) < 0
               ? -1
               : change_bandwidth(source, fast_bandwidth, error);
}

int mt_migration_converge(struct mt_pair *pair, int64_t bandwidth, int64_t downtime_limit,
                          struct mt_error *error)
{
    struct mt_side *source = &pair->sides[MT_SOURCE];
    struct mt_settings *settings = &source->settings.migration;

    pair->run->converging = true;
    mt_settings_remove(settings, MT_PARAMETER, declared_bandwidth);
    if (set_speed(settings, bandwidth > 0 ? bandwidth : fast_bandwidth,
                  downtime_limit > 0 ? downtime_limit : plenty_downtime_ms, error) < 0) {
        return -1;
    }
    return mt_side_apply(source, error);
}

/*
 * QEMU decides by the bandwidth of its last window: what it sends until this one ends is sent in
 * vain, as the guest writes to all of it again. What it then still has to send does not count.
 */
int mt_convergence_finish_slowly(struct mt_pair *pair, struct mt_error *error)
{
    return mt_migration_converge(pair, is_patient(pair->run) ? idle_bandwidth : 0, 0, error);
}
