/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one test in this process, as the only test of a cmocka group.
 *
 * The return code of cmocka is no verdict: it is 0 when a group teardown fails, when a test skips
 * itself, and when a test calls exit(0). So the test and each fixture have a wrapper, which records
 * that the function was entered and that it returned. The host concludes the verdict from these
 * records.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/network.h"
#include "base/text.h"
#include "lib/api/fail.h"
#include "lib/api/known.h"
#include "lib/api/registry.h"
#include "lib/migration/end_pair.h"
#include "worker/log.h"
#include "worker/manners.h"
#include "worker/plugin.h"
#include "worker/work.h"

/* The functions that cmocka calls get no argument of ours. There is one test in a process. */
static struct {
    const struct mt_record_writer *writer;
    const struct mt_test *test;
    const struct mt_registered_group *group;
    struct mt_pair *pair;
    bool isolated;  /* the test has a network of its own */
    bool silent[2]; /* the source and the destination: started, but no greeting has come */
} now;

/* cmocka turns a crash into a failed test, and continues in a broken process. Here a crash stays a
 * crash: the handlers from before cmocka are restored. */
static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS};
enum { CRASH_SIGNALS = sizeof(crash_signals) / sizeof(crash_signals[0]) };
static struct sigaction before_cmocka[CRASH_SIGNALS];

static void save_signals(void)
{
    for (int i = 0; i < CRASH_SIGNALS; i++) {
        sigaction(crash_signals[i], NULL, &before_cmocka[i]);
    }
}

static void restore_signals(void)
{
    for (int i = 0; i < CRASH_SIGNALS; i++) {
        sigaction(crash_signals[i], &before_cmocka[i], NULL);
    }
}

static void entered(const char *what)
{
    mt_record_write(now.writer, &(struct mt_record){.kind = MT_RECORD_ENTERED, .step.what = what});
}

static void returned(const char *what, bool passed)
{
    fflush(NULL);
    mt_record_write(now.writer,
                    &(struct mt_record){.kind = MT_RECORD_RETURNED, .step = {what, passed}});
}

static int run_fixture(const char *what, int (*fixture)(void **state), void **state)
{
    restore_signals();
    *state = now.pair;
    if (fixture == NULL) {
        return 0;
    }
    entered(what);
    int result = fixture(state);
    returned(what, result == 0);
    *state = now.pair;
    return result;
}

static int group_setup(void **state)
{
    return run_fixture("group_setup", now.group->setup, state);
}

static int group_teardown(void **state)
{
    return run_fixture("group_teardown", now.group->teardown, state);
}

static int test_setup(void **state)
{
    return run_fixture("setup", now.test->setup, state);
}

static int test_teardown(void **state)
{
    return run_fixture("teardown", now.test->teardown, state);
}

/* For a QEMU that is a wrapper script: the script may need a network, and cannot know why it has
 * none. */
static char *with_hint(const char *message)
{
    bool hint = now.isolated && (now.silent[0] || now.silent[1]);

    return mt_text("%s%s", message,
                   hint ? "; the test has a network of its own; with network: host in the manifest "
                          "it has the host's"
                        : "");
}

static void report_failure(void *data, const struct mt_failure *failure)
{
    MT_AUTO_FREE char *message = with_hint(failure->message);

    (void)data;
    mt_record_write(now.writer, &(struct mt_record){
                                    .kind = MT_RECORD_FAILED,
                                    .failure = {message, failure->file, failure->line,
                                                mt_pair_stopped_side(now.pair)},
                                });
}

/* A pair that does not end in order is a failure of the test, at no line of the test. */
static void finish_pair(void)
{
    struct mt_error error = {0};

    if (mt_pair_finish(now.pair, &error) < 0) {
        report_failure(NULL, &(struct mt_failure){mt_error_text(&error), "", 0});
        fprintf(stderr, "%s\n", mt_error_text(&error));
        mt_error_clear(&error);
        _fail("", 0);
    }
}

static void run_body(void **state)
{
    restore_signals();
    *state = now.pair;
    entered("test");
    now.test->run(state);
    finish_pair();
    returned("test", true);
}

static void report_waiting(void *data, const char *side, const char *what, int64_t ms)
{
    (void)data;
    mt_record_write(now.writer,
                    &(struct mt_record){.kind = MT_RECORD_WAITING, .wait = {side, what, ms}});
}

/* The host needs signs of life, but not all of them: a guest makes hundreds of passes. */
static bool is_worth_recording(const char *what)
{
    static const char *const often[] = {"its guest", "MIGRATION_PASS"};
    static int64_t recorded_ms[sizeof(often) / sizeof(often[0])];
    const int64_t pause_ms = 500;
    int64_t now_ms = mt_now_ms();

    for (size_t i = 0; i < sizeof(often) / sizeof(often[0]); i++) {
        if (strcmp(what, often[i]) == 0) {
            bool too_soon = now_ms - recorded_ms[i] < pause_ms;
            recorded_ms[i] = too_soon ? recorded_ms[i] : now_ms;
            return !too_soon;
        }
    }
    return true;
}

static void report_moved(void *data, const char *side, const char *what)
{
    (void)data;
    if (is_worth_recording(what)) {
        mt_record_write(now.writer,
                        &(struct mt_record){.kind = MT_RECORD_MOVED, .wait = {side, what, 0}});
    }
}

static void write_note(const struct mt_record_writer *writer, const char *key, const char *value)
{
    mt_record_write(writer, &(struct mt_record){.kind = MT_RECORD_NOTE, .note = {key, value}});
}

static void report_note(void *data, const char *key, const char *value)
{
    (void)data;
    write_note(now.writer, key, value);
}

static void report_skip(void *data, const char *why)
{
    (void)data;
    mt_record_write_message(now.writer, MT_RECORD_SKIPPED, why);
}

static void report_undecided(void *data, const char *why)
{
    (void)data;
    mt_record_write_message(now.writer, MT_RECORD_UNDECIDED, why);
}

static bool *silence_of(const char *side)
{
    return &now.silent[strcmp(side, "destination") == 0];
}

static void report_started(void *data, const struct mt_started_qemu *qemu)
{
    (void)data;
    *silence_of(qemu->side) = true;
    mt_record_write(now.writer,
                    &(struct mt_record){
                        .kind = MT_RECORD_QEMU,
                        .qemu = {qemu->side, qemu->pid, (const char *const *)qemu->command,
                                 qemu->accel, qemu->machine},
                    });
}

static const char *known_text(const char *text)
{
    return text != NULL ? text : "unknown";
}

static void report_greeted(void *data, const struct mt_greeted_qemu *qemu)
{
    (void)data;
    *silence_of(qemu->side) = false;
    mt_record_write(now.writer,
                    &(struct mt_record){
                        .kind = MT_RECORD_GREETED,
                        .greeted = {qemu->side, qemu->pid, qemu->version,
                                    known_text(qemu->build_id), known_text(qemu->program)},
                    });
}

static void report_environment(void *data, const char *what)
{
    (void)data;
    mt_record_write_message(now.writer, MT_RECORD_ENVIRONMENT, what);
}

static const struct mt_observer observer = {
    .waiting = report_waiting,
    .moved = report_moved,
    .note = report_note,
    .started = report_started,
    .greeted = report_greeted,
    .environment = report_environment,
    .failed = report_failure,
    .skipped = report_skip,
    .undecided = report_undecided,
    .log = mt_log_text,
};

static void run_in_cmocka(void)
{
    const struct CMUnitTest tests[] = {
        {now.test->name, run_body, test_setup, test_teardown, NULL},
    };

    save_signals();
    _cmocka_run_group_tests(now.group->name, tests, 1, group_setup, group_teardown);
}

static void run_round(const struct mt_pair_config *config, unsigned fail_at)
{
    now.pair = mt_pair_new(config);
    mt_assert_fail_at(fail_at);
    run_in_cmocka();
    mt_pair_destroy(now.pair);
}

/* Runs the test several times in one process, so that what each round leaves adds up. */
static void run_rounds(const struct mt_pair_config *config, unsigned fail_at,
                       const struct mt_record_writer *writer)
{
    mt_manners_measure(0);
    for (int round = 1; round <= MT_MANNERS_ROUNDS; round++) {
        run_round(config, fail_at);
        mt_manners_measure(round);
    }
    mt_manners_write(writer);
}

/* To be called before any code of a plugin runs, as that code could start threads. */
static void isolate_network(const struct mt_record_writer *writer)
{
    MT_AUTO_ERROR struct mt_error why = {0};

    if (mt_network_isolate(&why) < 0) {
        MT_AUTO_FREE char *value = mt_text("the host's, as %s", mt_error_text(&why));
        write_note(writer, "network", value);
        return;
    }
    now.isolated = true;
}

static struct mt_pair_config pair_config(const struct mt_job *job)
{
    const struct mt_run_job *run = &job->run;

    return (struct mt_pair_config){
        .source = run->source,
        .destination = run->destination,
        .machine = run->machine,
        .scratch = job->scratch,
        .recordings = run->recordings,
        .observer = &observer,
        .options = run->options,
        .not_kept = run->not_kept,
        .reset = run->reset,
        .figures = run->figures,
        .unusable_views = run->unusable_views,
        .blind = run->blind,
        .patience = run->patience,
        .hold = run->hold,
    };
}

int mt_work_run(const struct mt_job *job, const struct mt_record_writer *writer,
                struct mt_error *error)
{
    const struct mt_run_job *run = &job->run;
    struct mt_pair_config config = pair_config(job);
    struct mt_loaded_plugin plugin;

    if (run->private_network) {
        isolate_network(writer);
    }
    if (mt_plugin_load(&run->plugin, &plugin, error) < 0) {
        return -1;
    }
    now.writer = writer;
    now.test = mt_registry_find(&plugin.registry, run->group, run->test, &now.group);
    if (now.test == NULL) {
        mt_registry_clear(&plugin.registry);
        return mt_fail(error, "%s has no test %s in a group %s", run->plugin.file, run->test,
                       run->group);
    }
    struct mt_machine *machine = mt_known_part(now.test->machine, sizeof(*machine));
    config.wanted = machine;
    if (machine != NULL && machine->ram_mib > 0) {
        config.machine.ram = (int64_t)machine->ram_mib << 20;
    }
    mt_assert_attach(&observer);
    if (run->manners) {
        run_rounds(&config, (unsigned)run->fail_at, writer);
    } else {
        run_round(&config, 0);
    }
    free(machine);
    mt_registry_clear(&plugin.registry);
    return 0;
}
