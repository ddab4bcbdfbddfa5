/* SPDX-License-Identifier: Apache-2.0 */
/* migtest run */
#include <signal.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/not_started.h"
#include "cli/plan_list.h"
#include "cli/run_reports.h"
#include "cli/selecting.h"
#include "cli/test_run.h"

static const char usage[] =
    "usage: migtest run [options] [MANIFEST]\n"
    "\n"
    "Runs the tests of the manifest's plugins; without a manifest, of the plugins that come with\n"
    "migtest.\n"
    "\n"
    "which tests\n"
    "  -t, --test GLOB       only tests whose PLUGIN:NAME or NAME matches; repeatable\n"
    "      --skip GLOB       leave out tests that match; repeatable\n"
    "      --tag GLOB        only tests with a tag that matches; repeatable\n"
    "      --skip-tag GLOB   leave out tests with such a tag; repeatable\n"
    "      --failed[=JOURNAL]  only tests that failed in the last results, or in that journal\n"
    "      --shard I/N       the I-th of N parts, the same on every machine\n"
    "      --slow            slow tests, too\n"
    "how\n"
    "  -j, --jobs N          number of tests that run at once, or auto (the manifest's jobs, or "
    "auto)\n"
    "      --timeout S       time limit of every test in seconds, not scaled by the host's speed\n"
    "      --retries N       retry a failed test up to N times; if it passes then, it is flaky\n"
    "      --repeat N        run each test N times\n"
    "      --until-fail      repeat the tests until one fails\n"
    "      --fail-fast       start no more tests after the first failure\n"
    "      --shuffle SEED    in an order that depends on the seed, a number or random\n"
    "      --stress N        with N busy loops beside the tests\n"
    "      --resume          resume the run in the results folder, which ended early\n"
    "      --dry-run         print what would run, and run nothing\n"
    "with what\n"
    "      --source QEMU     the source's QEMU\n"
    "      --destination QEMU  the destination's QEMU\n"
    "      --host NAME       act as that host: the manifest's entries for it apply\n"
    "      --plugin-path DIR look in this folder for plugins first; repeatable\n"
    "      --allow-insecure-plugins  load plugins even if other users may write to their files\n"
    "results\n"
    "      --junit FILE      write the results as JUnit XML\n"
    "      --tap FILE        write the results as TAP 14\n"
    "      --github          print what went wrong as annotations for GitHub\n"
    "      --results DIR     folder for the journal, logs and details of failures\n"
    "                        (migtest-results); migtest report makes reports of it later\n"
    "      --color WHEN      auto, always or never\n"
    "  -q, --quiet           print only what went wrong and the summary\n"
    "  -v, --verbose         print what each test waits for and notes\n"
    "\n"
    "examples:\n"
    "  migtest run                                     all tests that can run here, in a minute\n"
    "  migtest run -t 'precopy/unix/*' -v              some of the tests, in detail\n"
    "  migtest run --slow --junit migtest.xml nightly.yaml\n"
    "  migtest run --failed                            the tests that failed, again\n"
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

/*
 * Leaves the results folder as it is: a later --failed must still find the tests that failed before
 * and were not selected now.
 */
static int run_nothing(const struct mt_test_run *run)
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

static int run_plan(struct mt_test_run *run)
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
    return mt_test_run_carry_out(run);
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
    struct mt_test_run run = {.session = session, .options = options};
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
