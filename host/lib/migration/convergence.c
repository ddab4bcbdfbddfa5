/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/migration/convergence.h"

#include "lib/migration/steps.h"

/*
 * How a live migration is kept from converging, until its test lets it.
 *
 * QEMU converges when the bytes that remain are no more than a threshold: the bandwidth of its
 * latest window of 100 ms, times the downtime limit. With a threshold of 0 it converges when
 * nothing remains.
 *
 * The threshold is 0 until the first window has ended, so the first pass must last longer than that
 * window. And the guest must dirty memory during that pass, otherwise the migration has converged
 * correctly. On a busy host, the guest may get no processor for longer than a fast pass lasts;
 * under an emulated KVM, a guest was seen to dirty only 5 MB/s. So the source sends 0.2 MB in each
 * window until the guest has made one more pass over its memory.
 */
static const int64_t patient_bandwidth = 2000000;
enum { PASSES_WHILE_PATIENT = 2 }; /* the first report may be of a pass that was almost over */

/*
 * A source that has sent this much has used up the share of its first window, and sleeps until the
 * next one. (A tenth is left out, as QEMU counts some bytes only against the limit.) A thread that
 * got no processor until then could pass over all memory within its first window, if it could be
 * fast.
 */
static const int64_t patient_share = patient_bandwidth / 10 * 9 / 10;

/* Then a pass takes 0.26 s, so that a test can do something during a pass; or, where no test does
 * anything, as little time as the host needs. */
static const int64_t steady_bandwidth = 400000000;
static const int64_t fast_bandwidth = 10000000000;

/*
 * The threshold is 0 again after a window in which QEMU's thread got no processor and sent only a
 * few bytes (measured: 18 in 115 ms, with multifd). So QEMU is told which bandwidth to calculate
 * with, where it has that parameter (QEMU 8.2). With the steady bandwidth, a test that sets a
 * downtime limit itself gets the threshold that QEMU would have measured. Where no test does
 * anything, the threshold is less than a page.
 */
static const char declared_bandwidth[] = "avail-switchover-bandwidth";
static const int64_t bandwidths_to_declare[] = {
    [MT_STEADILY] = steady_bandwidth,
    [MT_FAST] = patient_bandwidth,
};

/* With this bandwidth and 30 s of downtime 1.5 GB may remain, which is more than the guest writes
 * to. */
static const int64_t idle_bandwidth = 50000000;

/* A limit of 0 would not hold a migration back, but let it converge after the first pass. */
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
 * QEMU decides by the bandwidth of its last window. What it sends until that window ends is sent
 * for nothing, as the guest writes to all of it again. What remains is sent at full speed
 * afterwards.
 */
int mt_convergence_finish_slowly(struct mt_pair *pair, struct mt_error *error)
{
    return mt_migration_converge(pair, is_patient(pair->run) ? idle_bandwidth : 0, 0, error);
}
