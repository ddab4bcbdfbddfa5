/* SPDX-License-Identifier: Apache-2.0 */
/* migtest run */
#include "runner/run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/processor_time.h"
#include "cli/audience.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/judge.h"
#include "cli/not_started.h"
#include "cli/opening.h"
#include "cli/plan_list.h"
#include "cli/results_folder.h"
#include "cli/resume.h"
#include "cli/run_reports.h"
#include "cli/selecting.h"
#include "cli/session.h"
#include "cli/terminal_options.h"
#include "cli/ticker.h"
#include "report/failure_bundle.h"
#include "runner/slots.h"
#include "runner/stress.h"

static const char usage[] =
    "usage: migtest run [options] [MANIFEST]\n"
    "\n"
    "Runs the tests of the manifest's plugins; without a manifest, of those that come with "
    "migtest.\n"
    "\n"
    "which tests\n"
    "  -t, --test GLOB       only those whose PLUGIN:NAME or NAME matches; repeatable\n"
    "      --skip GLOB       not those; repeatable\n"
    "      --tag GLOB        only those with a tag that matches; repeatable\n"
    "      --skip-tag GLOB   not those; repeatable\n"
    "      --failed[=JOURNAL]  only what failed in the last results, or in that journal\n"
    "      --shard I/N       the I-th of N parts, the same on every machine\n"
    "      --slow            slow tests too\n"
    "how\n"
    "  -j, --jobs N          tests at once, or auto (jobs of the manifest, or auto)\n"
    "      --timeout S       seconds that any test may take, however slow this host is\n"
    "      --retries N       try what fails so many times more; what passes then is flaky\n"
    "      --repeat N        run each test N times\n"
    "      --until-fail      again and again, until one fails\n"
    "      --fail-fast       start nothing more after the first failure\n"
    "      --shuffle SEED    in an order that hangs on the seed, a number or random\n"
    "      --stress N        with N busy loops beside the tests\n"
    "      --resume          go on with the run in the results folder, which ended early\n"
    "      --dry-run         say what would run, and run nothing\n"
    "with what\n"
    "      --source QEMU     the source's binary\n"
    "      --destination QEMU  the destination's\n"
    "      --host NAME       act as that host: its entries of the manifest apply\n"
    "      --plugin-path DIR look there for plugins first; repeatable\n"
    "      --allow-insecure-plugins  load them whoever may have written them\n"
    "results\n"
    "      --junit FILE      write them as JUnit XML\n"
    "      --tap FILE        write them as TAP 14\n"
    "      --github          print what went wrong as GitHub's annotations\n"
    "      --results DIR     journal, logs and what is known of failures go there\n"
    "                        (migtest-results); migtest report makes reports of it later\n"
    "      --color WHEN      auto, always or never\n"
    "  -q, --quiet           say what went wrong and the sum alone\n"
    "  -v, --verbose         say what each test waits for and notes\n"
    "\n"
    "examples:\n"
    "  migtest run                                     all that can run here, in a minute\n"
    "  migtest run -t 'precopy/unix/*' -v              some of it, in detail\n"
    "  migtest run --slow --junit migtest.xml nightly.yaml\n"
    "  migtest run --failed                            what went wrong, once more\n"
    "\n"
    "exit status: 0 all passed, 1 not all is well, 2 nothing was started, 3 migtest itself "
    "failed\n";

static const char *const allowed[] = {"color",
                                      "destination",
                                      "dry-run",
                                      "fail-fast",
                                      "failed",
                                      "github",
                                      "host",
                                      "jobs",
                                      "junit",
                                      "plugin-path",
                                      "repeat",
                                      "quiet",
                                      "results",
                                      "resume",
                                      "retries",
                                      "shard",
                                      "shuffle",
                                      "skip",
                                      "skip-tag",
                                      "slow",
                                      "source",
                                      "stress",
                                      "tag",
                                      "tap",
                                      "test",
                                      "timeout",
                                      "until-fail",
                                      "verbose",
                                      "allow-insecure-plugins",
                                      NULL};

static void measure_host(struct mt_event *event)
{
    struct rusage used;

    if (getrusage(RUSAGE_SELF, &used) == 0) {
        event->host_cpu_ms = mt_processor_time_us(&used) / 1000;
        event->host_memory_kib = used.ru_maxrss;
    }
}

/* All that a run is made of. */
struct undertaking {
    struct mt_session *session;
    const struct mt_cli_options *options;
    struct mt_selection selection;
    struct mt_plan_list plan;
    struct mt_calibrator calibrator;
    struct mt_history earlier; /* of the run that this one goes on with */
    struct mt_audience audience;
    struct mt_event opening;
    struct mt_signals signals;
    int64_t start_ms;
};

static void tell_calibrated(struct undertaking *run, const struct mt_calibration *calibration)
{
    MT_AUTO_FREE char *factor = mt_text("%.2f", mt_calibration_factor(calibration));
    MT_AUTO_FREE char *message = mt_calibration_text(calibration);
    struct mt_event event = {
        .kind = MT_EVENT_CALIBRATED, .key = "factor", .value = factor, .message = message};

    mt_audience_tell(&run->audience, &event);
}

static struct mt_calibration calibrate(struct undertaking *run)
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

static int run_tests(struct undertaking *run)
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

/* Returns the exit status. */
static int conclude(struct undertaking *run, int signal)
{
    int status;
    bool can_run_yet = signal != 0 || mt_plan_can_run_elsewhere(&run->session->survey,
                                                                &run->selection, &run->plan);
    MT_AUTO_FREE char *message =
        mt_judge(&run->audience.results, run->session->manifest, &run->plan, can_run_yet, &status);
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

static void settle_kvm(struct mt_survey *survey, const struct mt_plan_list *plan)
{
    if (mt_plan_hangs_on_kvm(survey, plan)) {
        mt_survey_wait_all(survey);
    } else if (mt_plan_wants_kvm(plan)) {
        mt_survey_need_kvm(survey);
    }
}

/* What is being found out about KVM need not be any more. */
static void stop_finding_out(void *data, int signal)
{
    (void)signal;
    mt_workers_stop_all(data);
}

static int run_watched(struct undertaking *run, int *ret_signal)
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
    settle_kvm(&run->session->survey, &run->plan);
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

static int carry_out(struct undertaking *run)
{
    struct mt_session *session = run->session;
    int signal = 0;

    mt_signals_watch(&run->signals, &session->loop, &session->workers, stop_finding_out);
    int status = run_watched(run, &signal);
    mt_signals_unwatch(&run->signals);
    return status == MT_EXIT_PASSED ? conclude(run, signal) : status;
}

static int open_results(struct undertaking *run, const char *journal)
{
    const char *folder = mt_results_of(run->session, run->options);
    MT_AUTO_ERROR struct mt_error error = {0};

    if (run->options->resume) {
        int status = mt_resume(journal, &run->opening, &run->audience.results, &run->earlier);
        if (status >= 0) {
            return status;
        }
    }
    int prepared = run->options->resume ? mt_results_folder_go_on(folder, &error)
                                        : mt_results_folder_prepare(folder, &error);
    if (prepared < 0 || mt_journal_open(&run->audience.journal, journal, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    run->audience.results.folder = realpath(folder, NULL);
    return -1;
}

/* Until the run is over nobody else's goes there; a report may, so it is there before these. */
static int take_results(const struct undertaking *run, int *ret_lock)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    int taken = mt_results_folder_take(mt_results_of(run->session, run->options),
                                       !run->options->resume, ret_lock, &error);

    if (taken == 0) {
        return -1;
    }
    mt_diagnose("%s", mt_error_text(&error));
    return taken > 0 ? MT_EXIT_USAGE : MT_EXIT_BROKEN;
}

static int with_results(struct undertaking *run)
{
    const struct mt_manifest *manifest = run->session->manifest;
    int64_t asked = run->options->jobs != 0 ? run->options->jobs : manifest->jobs;
    unsigned slots = asked > 0 ? (unsigned)asked : mt_slots_here(manifest->ram);
    MT_AUTO_FREE char *journal =
        mt_text("%s/journal.jsonl", mt_results_of(run->session, run->options));
    MT_AUTO_FD int lock = -1;
    int status = take_results(run, &lock);

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
        status = carry_out(run);
    }
    mt_journal_close(&run->audience.journal);
    mt_results_clear(&run->audience.results);
    mt_history_clear(&run->earlier);
    return status;
}

/* The results stay, as what failed and was not selected now is to be found in them later. */
static int run_nothing(const struct undertaking *run)
{
    struct mt_results none = {0};
    const struct mt_results_list list = {&none, 1};
    int status = mt_reports_check(run->options);

    if (status < 0) {
        puts("nothing to run: no test that failed before is selected");
        status = mt_reports_write(&list, run->options);
    }
    return status;
}

static int run_plan(struct undertaking *run)
{
    if (run->plan.matched == 0) {
        mt_diagnose("the selection is empty: no test of %zu matches; migtest list shows them",
                    run->plan.not_selected);
        return MT_EXIT_USAGE;
    }
    if (run->plan.count == 0 && run->plan.elsewhere_count == 0 && run->options->failed != NULL &&
        !run->options->dry_run) {
        return run_nothing(run);
    }
    MT_AUTO_FREE char *fault = mt_plan_fault(&run->session->survey, &run->plan);
    if (fault != NULL) {
        return mt_say_not_started(run->session, run->options, &run->plan, fault);
    }
    if (run->options->dry_run) {
        mt_survey_wait_all(&run->session->survey);
        mt_plan_list_print(&run->session->survey, &run->selection, &run->plan);
        return MT_EXIT_PASSED;
    }
    return with_results(run);
}

static int survey_all(struct mt_session *session)
{
    mt_survey_plugins(&session->survey);
    mt_survey_wait(&session->survey);
    int status = mt_session_check_options(session);
    if (status < 0) {
        mt_survey_qemus(&session->survey);
        mt_survey_wait(&session->survey);
    }
    return status;
}

static int plan_and_run(struct mt_session *session, const struct mt_cli_options *options)
{
    struct undertaking run = {.session = session, .options = options};
    struct mt_history failed = {0};
    int status = mt_select(session, options, &failed, &run.selection);

    if (status < 0) {
        mt_calibrate_begin(&run.calibrator, &session->loop, session->workers.program);
        status = survey_all(session);
    }
    if (status < 0) {
        mt_plan_make(&session->survey, &run.selection, &run.plan);
        status = run_plan(&run);
    }
    mt_calibrate_wait(&run.calibrator, &session->loop);
    mt_plan_clear(&run.plan);
    mt_history_clear(&failed);
    return status;
}

int mt_command_run(int argc, char **argv)
{
    static const struct mt_command command = {
        .name = "run", .usage = usage, .allowed = allowed, .run = plan_and_run};
    int status = mt_command_execute(argc, argv, &command);

    if (status > 128) {
        signal(status - 128, SIG_DFL);
        raise(status - 128);
    }
    return status;
}
