/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migtest plugin test: runs each test alone, and then again with each of its calls made to fail,
 * one call in each run. Wherever a test fails, it must end in order and leave nothing in its
 * process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "cli/diagnostics.h"
#include "cli/plugin_commands.h"
#include "cli/session.h"
#include "jobs/verdict.h"
#include "plan/plan.h"
#include "plan/test_job.h"

static const char usage[] =
    "usage: migtest plugin test [options] FILE.so\n"
    "\n"
    "Runs each test of a plugin alone, and again with each call of migtest's functions made to "
    "fail.\n"
    "Reports what the test leaves behind: descriptors, processes, memory. The plugin's options "
    "have\n"
    "their defaults.\n"
    "\n"
    "  -t, --test GLOB, --slow, -j, --jobs N, --source QEMU, --destination QEMU,\n"
    "      --allow-insecure-plugins   as for run\n";

static const char *const allowed[] = {
    "allow-insecure-plugins", "destination", "jobs", "slow", "source", "test", NULL};

/* A call in a loop is made to fail only the first and the second time. */
enum { FAILURES_PER_SITE = 2 };

struct tester;

struct trial {
    struct tester *tester;
    const struct mt_planned *test;
    unsigned fail_at; /* the number of the call that is made to fail; 0: none */
    char *site;
    unsigned undecided; /* number of tries that could not decide */
    struct mt_job_facts facts;
    struct mt_record manners; /* of that kind, once the job has sent it */
};

struct tester {
    struct mt_session *session;
    struct trial **queue;
    size_t count;
    size_t next;
    size_t running;
    size_t complaints;
    double factor; /* how much slower this host is than the reference machine of the limits */
};

static void trial_complain(const struct trial *trial, const char *what)
{
    trial->tester->complaints++;
    printf("BAD   %s%s%s: %s\n", trial->test->id.test, trial->site != NULL ? ", failing at " : "",
           trial->site != NULL ? trial->site : "", what);
}

static void tester_add_trial(struct tester *tester, const struct mt_planned *test, unsigned fail_at,
                             const char *site)
{
    struct trial *trial = mt_alloc(1, sizeof(*trial));

    *trial = (struct trial){
        .tester = tester, .test = test, .fail_at = fail_at, .site = mt_text_copy(site)};
    tester->queue = mt_realloc(tester->queue, tester->count + 1, sizeof(*tester->queue));
    tester->queue[tester->count++] = trial;
}

static unsigned times_before(const char *const *sites, size_t index)
{
    unsigned times = 0;

    for (size_t i = 0; i < index; i++) {
        times += strcmp(sites[i], sites[index]) == 0;
    }
    return times;
}

static void add_failures(struct trial *trial)
{
    const char *const *sites = trial->manners.manners.sites;
    size_t added = 0;

    for (size_t i = 0; sites != NULL && sites[i] != NULL; i++) {
        if (times_before(sites, i) < FAILURES_PER_SITE) {
            tester_add_trial(trial->tester, trial->test, (unsigned)i + 1, sites[i]);
            added++;
        }
    }
    printf("ok    %s passes; failing it at %zu calls\n", trial->test->id.test, added);
}

static void trial_judge_leavings(const struct trial *trial)
{
    int64_t growth = trial->manners.manners.growth;
    const char *const *left = trial->manners.manners.descriptors;

    if (left != NULL && left[0] != NULL) {
        MT_AUTO_FREE char *text = mt_text("it leaves descriptor %s open", left[0]);
        trial_complain(trial, text);
    }
    if (growth > 0) {
        MT_AUTO_FREE char *text = mt_text("it leaks %lld bytes each time", (long long)growth);
        trial_complain(trial, text);
    }
}

static void trial_complain_undecided(const struct trial *trial, const struct mt_verdict *verdict)
{
    MT_AUTO_FREE char *text =
        mt_text("not decided in %u tries; the last: %s", trial->undecided, verdict->message);

    trial_complain(trial, text);
}

static void trial_judge(struct trial *trial, const struct mt_verdict *verdict)
{
    bool in_order = strcmp(verdict->outcome, "failed") == 0 ||
                    (verdict->reason != NULL && strcmp(verdict->reason, "fixture") == 0);

    bool passed = strcmp(verdict->outcome, "passed") == 0;

    if (mt_verdict_is_undecided(verdict)) {
        trial_complain_undecided(trial, verdict);
        return;
    }
    if (trial->fail_at == 0 && strcmp(verdict->outcome, "skipped") == 0) {
        printf("skip  %s: %s\n", trial->test->id.test, verdict->message);
        return;
    }
    if (trial->fail_at != 0 && passed) {
        trial_complain(trial, "it passes although the call failed");
        return;
    }
    if (trial->fail_at == 0 ? !passed : !in_order) {
        trial_complain(trial, verdict->message);
        return;
    }
    if (trial->fail_at == 0) {
        add_failures(trial);
    }
    trial_judge_leavings(trial);
}

static void trial_take_record(void *data, struct mt_record *record)
{
    struct trial *trial = data;

    if (record->kind == MT_RECORD_MANNERS && trial->manners.kind != MT_RECORD_MANNERS) {
        trial->manners = mt_record_take(record);
    } else {
        mt_job_facts_add(&trial->facts, record);
    }
}

static void trial_start_worker(struct trial *trial);

static void trial_done(void *data, const struct mt_worker *worker)
{
    struct trial *trial = data;
    struct mt_verdict verdict;

    mt_verdict_make(&trial->facts, worker->reader.foreign, "", &verdict);
    trial->undecided += mt_verdict_is_undecided(&verdict);
    bool retry = mt_verdict_is_undecided(&verdict) && trial->undecided < MT_MOST_UNDECIDED;
    if (!retry) {
        trial_judge(trial, &verdict);
    }
    fflush(stdout);
    mt_verdict_clear(&verdict);
    mt_job_facts_clear(&trial->facts);
    mt_record_clear(&trial->manners);
    trial->manners = (struct mt_record){0};
    trial->tester->running--;
    if (retry) {
        trial_start_worker(trial);
    }
}

/* The worker runs the test in four rounds, each of which has the time limit of the test. */
static int64_t trial_timeout(const struct trial *trial)
{
    const int64_t rounds = 4;
    int64_t own = json_integer_value(json_object_get(trial->test->description, "timeout_ms"));

    int64_t limit = own > 0 ? own : trial->tester->session->manifest->timeout_ms;

    return (int64_t)((double)(rounds * limit) * trial->tester->factor);
}

static void trial_start_worker(struct trial *trial)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_session *session = trial->tester->session;
    const struct mt_worker_config config = {
        .data = trial,
        .record = trial_take_record,
        .done = trial_done,
        .argument = trial->test->id.test,
    };
    struct mt_job job;

    mt_test_job_make(&session->survey, trial->test, trial->tester->factor, &job);
    job.timeout_ms = trial_timeout(trial);
    job.run.manners = true;
    job.run.fail_at = trial->fail_at;
    int result = mt_worker_start(&session->workers, &config, &job, NULL, &error);
    mt_test_job_clear(&job);
    if (result < 0) {
        trial_complain(trial, mt_error_text(&error));
        return;
    }
    trial->tester->running++;
}

static void run_trials(struct tester *tester, size_t at_once)
{
    while (tester->next < tester->count || tester->running > 0) {
        while (tester->next < tester->count && tester->running < at_once) {
            trial_start_worker(tester->queue[tester->next++]);
        }
        uv_run(&tester->session->loop, UV_RUN_ONCE);
    }
    for (size_t i = 0; i < tester->count; i++) {
        free(tester->queue[i]->site);
        free(tester->queue[i]);
    }
    free(tester->queue);
}

/* Users read the descriptor before they run a plugin, so it must be complete. */
static void check_descriptor(struct tester *tester, const struct mt_surveyed_plugin *plugin)
{
    static const char *const members[] = {"version", "vendor", "licence", "summary"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const char *text = mt_json_find_text(plugin->descriptor, members[i]);
        if (text == NULL || text[0] == '\0') {
            tester->complaints++;
            printf("BAD   its descriptor has no %s\n", members[i]);
        }
    }
}

/* Test names become part of paths of logs, of globs on command lines and of reports. */
static void check_test_name(struct tester *tester, const char *name)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";

    if (strspn(name, plain) != strlen(name)) {
        tester->complaints++;
        printf("BAD   test \"%s\" has a name of other than letters, digits and _-./\n", name);
    }
}

static int test_all(struct mt_session *session, const struct mt_cli_options *options,
                    struct tester *tester)
{
    const struct mt_selection selection = {.tests = options->tests, .slow = options->slow};
    const int64_t at_once = options->jobs > 0 ? options->jobs : 2;
    struct mt_calibrator calibrator;
    struct mt_plan_list plan;
    size_t planned = 0;

    mt_calibrate_begin(&calibrator, &session->loop, session->workers.program);
    mt_survey_qemus(&session->survey);
    mt_survey_wait_all(&session->survey);
    struct mt_calibration calibration = mt_session_calibrate(session, &calibrator, (double)at_once);
    tester->factor = mt_calibration_factor(&calibration);
    mt_plan_make(&session->survey, &selection, &plan);
    for (size_t i = 0; i < plan.count; i++) {
        check_test_name(tester, plan.tests[i].id.test);
        if (plan.tests[i].state == MT_PLANNED_RUN) {
            tester_add_trial(tester, &plan.tests[i], 0, NULL);
            planned++;
        } else {
            printf("skip  %s: %s\n", plan.tests[i].id.test, plan.tests[i].message);
        }
    }
    run_trials(tester, (size_t)at_once);
    mt_plan_clear(&plan);
    if (planned == 0) {
        mt_diagnose("plugin test: none of its tests can run here");
        return MT_EXIT_FAILED;
    }
    return tester->complaints > 0 ? MT_EXIT_FAILED : MT_EXIT_PASSED;
}

static char *plugin_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash != NULL ? slash + 1 : file;

    return mt_text("%.*s", (int)strcspn(base, "."), base);
}

static int test_plugin(struct mt_session *session, const struct mt_cli_options *options)
{
    struct tester tester = {.session = session};

    /* Blocks that malloc keeps for a thread would look like blocks that were never freed. */
    setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
    MT_AUTO_FREE char *name = plugin_name(options->argument);
    const struct mt_manifest_plugin entry = {.name = name, .enabled = true, .reason = ""};
    mt_survey_file(&session->survey, options->argument);
    session->survey.plugins[0].entry = &entry;
    mt_survey_wait(&session->survey);
    if (session->survey.plugins[0].fault != NULL) {
        mt_diagnose("%s", session->survey.plugins[0].fault);
        return MT_EXIT_FAILED;
    }
    check_descriptor(&tester, &session->survey.plugins[0]);
    int status = test_all(session, options, &tester);
    session->survey.plugins[0].entry = NULL;
    return status;
}

int mt_command_plugin_test(int argc, char **argv)
{
    static const struct mt_command command = {.name = "plugin test",
                                              .usage = usage,
                                              .allowed = allowed,
                                              .argument = MT_ARGUMENT_PLUGIN_FILE,
                                              .run = test_plugin};

    return mt_command_execute(argc, argv, &command);
}
