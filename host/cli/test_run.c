/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/test_run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/processor_time.h"
#include "cli/diagnostics.h"
#include "cli/judge.h"
#include "cli/opening.h"
#include "cli/results_folder.h"
#include "cli/resume.h"
#include "cli/run_reports.h"
#include "cli/selecting.h"
#include "cli/terminal_options.h"
#include "cli/ticker.h"
#include "report/failure_bundle.h"
#include "runner/run.h"
#include "runner/slots.h"
#include "runner/stress.h"

static void measure_host(struct mt_event *event)
{
    struct rusage used;

    if (getrusage(RUSAGE_SELF, &used) == 0) {
        event->host_cpu_ms = mt_processor_time_us(&used) / 1000;
        event->host_memory_kib = used.ru_maxrss;
    }
}

static void tell_calibrated(struct mt_test_run *run, const struct mt_calibration *calibration)
{
    MT_AUTO_FREE char *factor = mt_text("%.2f", mt_calibration_factor(calibration));
    MT_AUTO_FREE char *message = mt_calibration_text(calibration);
    struct mt_event event = {
        .kind = MT_EVENT_CALIBRATED, .key = "factor", .value = factor, .message = message};

    mt_audience_tell(&run->audience, &event);
}

static struct mt_calibration calibrate(struct mt_test_run *run)
{
    int64_t tests =
        (int64_t)run->plan.count * (run->options->repeat > 0 ? run->options->repeat : 1);
    int64_t at_once =
        run->options->until_fail || tests > run->opening.jobs ? run->opening.jobs : tests;

    struct mt_calibration calibration = mt_session_calibrate(
        run->session, &run->calibrator, (double)(at_once + run->options->stress));
    tell_calibrated(run, &calibration);
    return calibration;
}

static int run_tests(struct mt_test_run *run)
{
    const struct mt_cli_options *options = run->options;

    return mt_run(&(struct mt_run_config){
        .survey = &run->session->survey,
        .plan = &run->plan,
        .selection = &run->selection,
        .signals = &run->signals,
        .results = mt_results_of(run->session, options),
        .reproduce = options->reproduce,
        .history = options->resume ? &run->earlier : NULL,
        .slots = (unsigned)run->opening.jobs,
        .timeout_ms = options->timeout_ms,
        .calibration = calibrate(run),
        .retries = options->retries,
        .repeat = options->repeat,
        .until_fail = options->until_fail,
        .seed = options->seed,
        .fail_fast = options->fail_fast,
        .data = &run->audience,
        .event = mt_audience_hear,
        .explain_failure = mt_failure_bundle_write,
    });
}

/* Judges the run and writes its reports. Returns the exit status. */
static int conclude_run(struct mt_test_run *run, int signal)
{
    int status;
    bool can_run_elsewhere = signal != 0 || mt_plan_can_run_elsewhere(&run->session->survey,
                                                                      &run->selection, &run->plan);
    MT_AUTO_FREE char *message = mt_judge(&run->audience.results, run->session->manifest,
                                          &run->plan, can_run_elsewhere, &status);
    struct mt_event event = {
        .kind = MT_EVENT_RUN_FINISHED,
        .status = signal != 0 ? 128 + signal : status,
        .seconds = (double)(mt_now_ms() - run->start_ms) / 1000,
        .message = message,
        .signal = signal != 0 ? sigabbrev_np(signal) : NULL,
    };

    measure_host(&event);
    mt_audience_tell(&run->audience, &event);
    const struct mt_results_list list = {&run->audience.results, 1};
    mt_terminal_summary(&run->audience.terminal, &list);
    int reports = mt_reports_write(&list, run->options);
    if (signal != 0) {
        return 128 + signal;
    }
    if (run->audience.journal_lost) {
        return MT_EXIT_BROKEN;
    }
    return reports != MT_EXIT_PASSED ? reports : status;
}

/* A trial of KVM goes on beside the tests, unless nothing else may run. */
static void try_kvm_if_needed(struct mt_survey *survey, const struct mt_plan_list *plan)
{
    if (mt_plan_depends_on_kvm(survey, plan)) {
        mt_survey_wait_all(survey);
    } else if (mt_plan_needs_kvm(plan)) {
        mt_survey_need_kvm(survey);
    }
}

/* A signal before the first test ends the trial of KVM that the run waits for. */
static void stop_trials(void *data, int signal)
{
    (void)signal;
    mt_workers_stop_all(data);
}

/* Returns MT_EXIT_PASSED once the tests have run, however they ended. */
static int run_with_helpers(struct mt_test_run *run, int *ret_signal)
{
    struct mt_workers *workers = &run->session->workers;
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_stress stress;
    struct mt_ticker ticker;

    if (run->options->resume) {
        mt_tell_resumed(&run->audience, &run->opening, &run->earlier, run->session->manifest);
    } else {
        mt_tell_opening(&run->audience, run->session, &run->opening, &run->plan);
    }
    try_kvm_if_needed(&run->session->survey, &run->plan);
    if (mt_stress_start(&stress, (size_t)run->options->stress, &error) < 0) {
        mt_diagnose("--stress: %s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    workers->others = stress.loops;
    workers->other_count = stress.count;
    mt_ticker_start(&ticker, &run->session->loop, &run->audience.terminal);
    *ret_signal = run_tests(run);
    mt_ticker_stop(&ticker);
    mt_stress_stop(&stress);
    workers->other_count = 0;
    return MT_EXIT_PASSED;
}

static int run_and_conclude(struct mt_test_run *run)
{
    struct mt_session *session = run->session;
    int signal = 0;

    mt_signals_watch(&run->signals, &session->loop, &session->workers, stop_trials);
    int status = run_with_helpers(run, &signal);
    mt_signals_unwatch(&run->signals);
    return status == MT_EXIT_PASSED ? conclude_run(run, signal) : status;
}

static int open_results(struct mt_test_run *run, const char *journal)
{
    const char *folder = mt_results_of(run->session, run->options);
    MT_AUTO_ERROR struct mt_error error = {0};

    if (run->options->resume) {
        int status = mt_resume(journal, &run->opening, &run->audience.results, &run->earlier);
        if (status >= 0) {
            return status;
        }
    }
    int prepared = run->options->resume ? mt_results_folder_resume(folder, &error)
                                        : mt_results_folder_prepare(folder, &error);
    if (prepared < 0 || mt_journal_open(&run->audience.journal, journal, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    run->audience.results.folder = realpath(folder, NULL);
    return -1;
}

/*
 * Locks the results folder until the run is over. The folder is made before the reports are
 * checked, as a report's file may lie in it.
 */
static int lock_results(const struct mt_test_run *run, int *ret_lock)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    int result = mt_results_folder_lock(mt_results_of(run->session, run->options),
                                        !run->options->resume, ret_lock, &error);

    if (result == 0) {
        return -1;
    }
    mt_diagnose("%s", mt_error_text(&error));
    return result > 0 ? MT_EXIT_USAGE : MT_EXIT_BROKEN;
}

int mt_test_run_carry_out(struct mt_test_run *run)
{
    const struct mt_manifest *manifest = run->session->manifest;
    int64_t requested = run->options->jobs != 0 ? run->options->jobs : manifest->jobs;
    unsigned slots = requested > 0 ? (unsigned)requested : mt_slots_here(manifest->ram);
    MT_AUTO_FREE char *journal =
        mt_text("%s/journal.jsonl", mt_results_of(run->session, run->options));
    MT_AUTO_FD int lock = -1;
    int status = lock_results(run, &lock);

    if (status < 0) {
        status = mt_reports_check(run->options);
    }
    run->start_ms = mt_now_ms();
    run->opening = mt_opening_event(run->session, run->options, slots);
    run->audience.terminal = mt_terminal_of(run->options);
    run->audience.terminal.live.rounds = (size_t)run->options->repeat;
    run->audience.terminal.live.endless = run->options->until_fail;
    mt_terminal_go_live(&run->audience.terminal);
    if (status < 0) {
        status = open_results(run, journal);
    }
    if (status < 0) {
        status = run_and_conclude(run);
    }
    mt_journal_close(&run->audience.journal);
    mt_results_clear(&run->audience.results);
    mt_history_clear(&run->earlier);
    return status;
}
