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
#include "cli/audience.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/judge.h"
#include "cli/opening.h"
#include "cli/plan_list.h"
#include "cli/results_folder.h"
#include "cli/run_reports.h"
#include "cli/session.h"
#include "runner/slots.h"

static const char usage[] =
    "usage: migtest run [options] [MANIFEST]\n"
    "\n"
    "Runs the tests of the manifest's plugins; without a manifest, of those that come with "
    "migtest.\n"
    "\n"
    "  -t, --test GLOB       only tests whose PLUGIN:NAME or NAME matches; repeatable\n"
    "      --skip GLOB       not those; repeatable\n"
    "      --slow            slow tests too\n"
    "      --dry-run         say what would run, and run nothing\n"
    "      --fail-fast       start nothing more after the first failure\n"
    "  -j, --jobs N          tests at once (auto)\n"
    "      --timeout S       seconds that any test may take\n"
    "      --source QEMU     the source's binary\n"
    "      --destination QEMU  the destination's\n"
    "      --host NAME       act as that host: its entries of the manifest apply\n"
    "      --plugin-path DIR look there for plugins first; repeatable\n"
    "      --junit FILE      write the results as JUnit XML\n"
    "      --results DIR     journal and logs go there (migtest-results)\n"
    "      --color WHEN      auto, always or never\n"
    "  -v, --verbose         say what each test waits for and notes\n"
    "\n"
    "exit status: 0 all passed, 1 not all is well, 2 nothing was started, 3 migtest itself "
    "failed\n";

static const char *const allowed[] = {
    "color",   "destination", "dry-run", "fail-fast", "host", "jobs",    "junit",   "plugin-path",
    "results", "skip",        "slow",    "source",    "test", "timeout", "verbose", NULL};

static bool wants_color(const char *when)
{
    if (strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    const char *no_color = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
}

static void measure_host(struct mt_event *event)
{
    struct rusage used;

    if (getrusage(RUSAGE_SELF, &used) == 0) {
        event->host_cpu_ms = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                             (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
        event->host_memory_kib = used.ru_maxrss;
    }
}

static int carry_out(struct mt_session *session, const struct mt_cli_options *options,
                     const struct mt_selection *selection, struct mt_plan_list *plan,
                     struct mt_audience *audience)
{
    const struct mt_manifest *manifest = session->manifest;
    int64_t start_ms = mt_now_ms();
    int64_t asked = options->jobs > 0 ? options->jobs : manifest->jobs;
    unsigned slots = asked > 0 ? (unsigned)asked : mt_slots_here(manifest->ram);
    int status;

    mt_tell_opening(audience, session, options, plan, slots);
    int signal = mt_run(&(struct mt_run_config){
        .survey = &session->survey,
        .plan = plan,
        .selection = selection,
        .results = options->results != NULL ? options->results : manifest->results,
        .reproduce = options->reproduce,
        .slots = slots,
        .timeout_ms = options->timeout_ms,
        .fail_fast = options->fail_fast,
        .data = audience,
        .event = mt_audience_hear,
    });
    const char *message = mt_judge(&audience->results, manifest, &status);
    struct mt_event event = {
        .kind = MT_EVENT_RUN_FINISHED,
        .status = signal != 0 ? 128 + signal : status,
        .seconds = (double)(mt_now_ms() - start_ms) / 1000,
        .message = message,
        .signal = signal != 0 ? sigabbrev_np(signal) : NULL,
    };
    measure_host(&event);
    mt_audience_tell(audience, &event);
    mt_terminal_summary(&audience->terminal, &audience->results);
    int reports = mt_reports_write(audience, options);
    if (signal != 0) {
        return 128 + signal;
    }
    return reports != MT_EXIT_PASSED ? reports : status;
}

static int with_results(struct mt_session *session, const struct mt_cli_options *options,
                        const struct mt_selection *selection, struct mt_plan_list *plan)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    const char *folder = options->results != NULL ? options->results : session->manifest->results;
    MT_AUTO_FREE char *path = mt_text("%s/journal.jsonl", folder);
    struct mt_audience audience = {.terminal = {.out = stdout,
                                                .color = wants_color(options->color),
                                                .verbose = options->verbose}};

    int status = mt_reports_check(options);
    if (status >= 0) {
        return status;
    }
    if (mt_results_folder_prepare(folder, &error) < 0 ||
        mt_journal_open(&audience.journal, path, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    status = carry_out(session, options, selection, plan, &audience);
    mt_journal_close(&audience.journal);
    mt_results_clear(&audience.results);
    return status;
}

static int plan_and_run(struct mt_session *session, const struct mt_cli_options *options)
{
    struct mt_selection selection = {
        .tests = options->tests, .skips = options->skips, .slow = session->manifest->slow};
    struct mt_plan_list plan;
    int status;

    mt_survey_plugins(&session->survey);
    mt_survey_wait(&session->survey);
    status = mt_session_check_options(session);
    if (status >= 0) {
        return status;
    }
    mt_survey_qemus(&session->survey);
    mt_survey_wait(&session->survey);
    mt_plan_make(&session->survey, &selection, &plan);
    if (plan.count == 0) {
        mt_diagnose("the selection is empty: no test of %zu matches; migtest list shows them",
                    plan.not_selected);
        status = MT_EXIT_USAGE;
    } else if (options->dry_run) {
        mt_survey_wait_all(&session->survey);
        mt_plan_list_print(&session->survey, &selection, &plan);
        status = MT_EXIT_PASSED;
    } else {
        status = with_results(session, options, &selection, &plan);
    }
    mt_plan_clear(&plan);
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
