/* SPDX-License-Identifier: Apache-2.0 */
/* migtest run */
#include "runner/run.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/files.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/plan_list.h"
#include "cli/results_folder.h"
#include "cli/session.h"
#include "journal/writer.h"
#include "report/junit.h"
#include "report/terminal.h"
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

/* Everybody who hears of a run's events. */
struct audience {
    struct mt_journal_writer journal;
    struct mt_results results;
    struct mt_terminal terminal;
    bool journal_lost;
};

static void hear(void *data, const struct mt_event *event)
{
    struct audience *audience = data;
    MT_AUTO_ERROR struct mt_error error = {0};

    if (!audience->journal_lost && mt_journal_write(&audience->journal, event, &error) < 0) {
        audience->journal_lost = true;
        mt_diagnose("%s", mt_error_text(&error));
    }
    mt_results_add(&audience->results, event);
    mt_terminal_event(&audience->terminal, event);
}

static void tell(struct audience *audience, struct mt_event *event)
{
    mt_event_stamp(event);
    hear(audience, event);
}

static void warn(void *data, const char *text)
{
    struct mt_event event = {.kind = MT_EVENT_WARNING, .message = text};

    mt_diagnose("%s", text);
    tell(data, &event);
}

static bool wants_color(const char *when)
{
    if (strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    const char *no_color = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
}

static const char *version_of(const struct mt_surveyed_qemu *qemu)
{
    return json_string_value(json_object_get(qemu->abilities, "version"));
}

static const char *path_of(const struct mt_surveyed_qemu *qemu)
{
    return qemu->binary != NULL ? qemu->binary : qemu->config->binary;
}

static void tell_started(struct audience *audience, const struct mt_session *session,
                         const struct mt_cli_options *options, unsigned slots)
{
    const struct mt_survey *survey = &session->survey;
    const struct passwd *user = getpwuid(geteuid());
    struct mt_event event = {
        .kind = MT_EVENT_RUN_STARTED,
        .format = MT_JOURNAL_FORMAT,
        .name = session->manifest->name[0] != '\0' ? session->manifest->name : NULL,
        .host = options->host,
        .user = user != NULL ? user->pw_name : NULL,
        .version = MT_VERSION,
        .manifest = session->manifest->file.name,
        .source = path_of(&survey->source),
        .source_version = version_of(&survey->source),
        .destination = path_of(&survey->destination),
        .destination_version = version_of(&survey->destination),
        .accel = survey->accel,
        .machine = survey->machine,
        .jobs = slots,
    };

    tell(audience, &event);
}

static void tell_plugins(struct audience *audience, const struct mt_session *session)
{
    const struct mt_manifest *manifest = session->manifest;

    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct mt_manifest_plugin *plugin = &manifest->plugins[i];
        if (!plugin->enabled) {
            struct mt_event event = {
                .kind = MT_EVENT_PLUGIN_DISABLED,
                .plugin = plugin->name,
                .message = plugin->reason[0] != '\0' ? plugin->reason : "disabled by the manifest"};
            tell(audience, &event);
        }
    }
    for (size_t i = 0; i < session->survey.plugin_count; i++) {
        const struct mt_surveyed_plugin *plugin = &session->survey.plugins[i];
        if (plugin->fault == NULL) {
            struct mt_event event = {
                .kind = MT_EVENT_PLUGIN,
                .plugin = plugin->entry->name,
                .file = plugin->file,
                .version = json_string_value(json_object_get(plugin->descriptor, "version")),
                .vendor = json_string_value(json_object_get(plugin->descriptor, "vendor"))};
            tell(audience, &event);
        }
    }
    mt_session_warn_shadowed(session, warn, audience);
}

static void tell_not_selected(struct audience *audience, const struct mt_plan_list *plan)
{
    struct mt_event event = {.kind = MT_EVENT_NOT_SELECTED, .count = (int64_t)plan->not_selected};

    if (plan->not_selected > 0) {
        tell(audience, &event);
    }
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

/* What makes a run fail although no test did. */
static const char *judge(const struct audience *audience, const struct mt_manifest *manifest,
                         int *ret_status)
{
    struct mt_counts counts = mt_results_count(&audience->results);

    *ret_status = counts.failed + counts.errors > 0 ? MT_EXIT_FAILED : MT_EXIT_PASSED;
    if (counts.tests == counts.skipped) {
        *ret_status = MT_EXIT_FAILED;
        return "nothing of the selection can run here";
    }
    if (manifest->max_skips >= 0 && (int64_t)audience->results.lacks > manifest->max_skips) {
        *ret_status = MT_EXIT_FAILED;
        return "more tests were skipped than max_skips allows";
    }
    return NULL;
}

static int write_reports(const struct audience *audience, const struct mt_cli_options *options,
                         const char *cmocka_output, const char *cmocka_file)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (options->junit != NULL && mt_junit_write(&audience->results, options->junit, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    if (cmocka_output != NULL && strcasecmp(cmocka_output, "xml") == 0 &&
        mt_junit_write_as_cmocka(&audience->results, cmocka_file, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    return audience->journal_lost ? MT_EXIT_BROKEN : MT_EXIT_PASSED;
}

static int carry_out(struct mt_session *session, const struct mt_cli_options *options,
                     const struct mt_selection *selection, struct mt_plan_list *plan,
                     struct audience *audience)
{
    const struct mt_manifest *manifest = session->manifest;
    int64_t start_ms = mt_now_ms();
    int64_t asked = options->jobs > 0 ? options->jobs : manifest->jobs;
    unsigned slots = asked > 0 ? (unsigned)asked : mt_slots_here(manifest->ram);
    int status;

    tell_started(audience, session, options, slots);
    tell_plugins(audience, session);
    tell_not_selected(audience, plan);
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
        .event = hear,
    });
    const char *message = judge(audience, manifest, &status);
    struct mt_event event = {
        .kind = MT_EVENT_RUN_FINISHED,
        .status = signal != 0 ? 128 + signal : status,
        .seconds = (double)(mt_now_ms() - start_ms) / 1000,
        .message = message,
        .signal = signal != 0 ? sigabbrev_np(signal) : NULL,
    };
    measure_host(&event);
    tell(audience, &event);
    mt_terminal_summary(&audience->terminal, &audience->results);
    int reports = write_reports(audience, options, getenv("CMOCKA_MESSAGE_OUTPUT"),
                                getenv("CMOCKA_XML_FILE"));
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
    struct audience audience = {.terminal = {.out = stdout,
                                             .color = wants_color(options->color),
                                             .verbose = options->verbose}};

    if (options->junit != NULL && mt_file_may_be_written(options->junit, &error) < 0) {
        mt_diagnose("--junit: %s", mt_error_text(&error));
        return MT_EXIT_USAGE;
    }
    if (mt_results_folder_prepare(folder, &error) < 0 ||
        mt_journal_open(&audience.journal, path, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    int status = carry_out(session, options, selection, plan, &audience);
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
