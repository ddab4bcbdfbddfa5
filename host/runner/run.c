/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "runner/test_process.h"

enum { SIGNALS = 3 };
static const int end_signals[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

struct run {
    const struct mt_run_config *config;
    struct mt_test_process *tests; /* as many as are planned */
    size_t next;                   /* all before it have been started or settled */
    unsigned used;                 /* slots */
    unsigned running;
    bool ending; /* nothing more is started */
    int signal;
    uv_signal_t signals[SIGNALS];
};

static void pump(struct run *run);

static void emit(struct run *run, struct mt_event *event)
{
    mt_event_stamp(event);
    run->config->event(run->config->data, event);
}

static struct mt_event event_of(const struct mt_planned *test, enum mt_event_kind kind)
{
    return (struct mt_event){
        .kind = kind,
        .plugin = test->plugin->entry->name,
        .group = test->group,
        .test = test->test,
    };
}

static void settle_unrun(struct run *run, const struct mt_planned *test)
{
    struct mt_event event =
        event_of(test, test->state == MT_PLANNED_SKIP ? MT_EVENT_SKIPPED : MT_EVENT_FINISHED);

    event.final = event.kind == MT_EVENT_FINISHED;
    event.reason = test->reason;
    event.message = test->message;
    event.outcome = test->state == MT_PLANNED_SKIP   ? "skipped"
                    : test->state == MT_PLANNED_FAIL ? "failed"
                                                     : "error";
    emit(run, &event);
}

static void settle_interrupted(struct run *run, const struct mt_planned *test)
{
    struct mt_event event = event_of(test, MT_EVENT_SKIPPED);

    event.reason = run->signal != 0 ? "interrupted" : "fail-fast";
    event.outcome = "skipped";
    event.message = run->signal != 0 ? "the run was interrupted before its turn came"
                                     : "another test had failed before its turn came";
    emit(run, &event);
}

static void test_event(void *data, struct mt_event *event)
{
    emit(data, event);
}

static void test_over(void *data, const struct mt_test_process *process, const char *outcome)
{
    struct run *run = data;
    bool bad = strcmp(outcome, "passed") != 0 && strcmp(outcome, "skipped") != 0;

    run->running--;
    run->used -= process->weight;
    run->ending = run->ending || (bad && run->config->fail_fast);
    pump(run);
}

/* Whether what decides about this test is still being found out. */
static bool must_wait(const struct run *run, const struct mt_planned *test)
{
    return test->description != NULL && test->state == MT_PLANNED_RUN && test->wants_kvm &&
           run->config->survey->trials[MT_KVM].state == MT_ACCELERATOR_UNKNOWN;
}

static void start(struct run *run, size_t index)
{
    struct mt_test_process *process = &run->tests[index];

    run->running++;
    run->used += process->weight;
    mt_test_process_start(process, run->config);
}

/* Returns whether this test needs no further look. */
static bool handle(struct run *run, size_t index)
{
    struct mt_planned *test = &run->config->plan->tests[index];
    struct mt_test_process *process = &run->tests[index];

    if (process->handled) {
        return true;
    }
    if (run->ending) {
        process->handled = true;
        settle_interrupted(run, test);
        return true;
    }
    if (must_wait(run, test)) {
        return false;
    }
    if (test->wants_kvm && test->state == MT_PLANNED_RUN) {
        mt_plan_decide(run->config->survey, run->config->selection, test);
    }
    if (test->state != MT_PLANNED_RUN) {
        process->handled = true;
        settle_unrun(run, test);
        return true;
    }
    bool room = run->used == 0 || run->used + process->weight <= run->config->slots;
    if (room) {
        process->handled = true;
        start(run, index);
    }
    return room;
}

static void pump(struct run *run)
{
    for (size_t i = run->next; i < run->config->plan->count; i++) {
        bool settled = handle(run, i);
        if (settled && i == run->next) {
            run->next++;
        }
    }
}

static void survey_changed(void *data)
{
    pump(data);
}

static void interrupted(uv_signal_t *handle, int signal)
{
    struct run *run = handle->data;

    run->signal = signal;
    run->ending = true;
    for (size_t i = 0; i < run->config->plan->count; i++) {
        mt_test_process_interrupt(&run->tests[i]);
    }
    mt_workers_stop_all(run->config->survey->workers);
    pump(run);
}

static void watch_signals(struct run *run)
{
    for (int i = 0; i < SIGNALS; i++) {
        uv_signal_init(run->config->survey->workers->loop, &run->signals[i]);
        run->signals[i].data = run;
        uv_signal_start(&run->signals[i], interrupted, end_signals[i]);
        uv_unref((uv_handle_t *)&run->signals[i]);
    }
}

static void unwatch_signals(struct run *run)
{
    for (int i = 0; i < SIGNALS; i++) {
        uv_close((uv_handle_t *)&run->signals[i], NULL);
    }
    uv_run(run->config->survey->workers->loop, UV_RUN_NOWAIT);
}

static void prepare(struct run *run)
{
    const struct mt_plan_list *plan = run->config->plan;

    run->tests = mt_alloc(plan->count, sizeof(*run->tests));
    for (size_t i = 0; i < plan->count; i++) {
        mt_test_process_init(&run->tests[i], &plan->tests[i]);
        run->tests[i].data = run;
        run->tests[i].event = test_event;
        run->tests[i].over = test_over;
        struct mt_event event = event_of(&plan->tests[i], MT_EVENT_PLANNED);
        emit(run, &event);
    }
}

int mt_run(const struct mt_run_config *config)
{
    struct run run = {.config = config};

    prepare(&run);
    watch_signals(&run);
    config->survey->data = &run;
    config->survey->changed = survey_changed;
    pump(&run);
    while ((run.next < config->plan->count || run.running > 0) &&
           uv_run(config->survey->workers->loop, UV_RUN_ONCE) != 0) {
    }
    config->survey->changed = NULL;
    /* A trial that nobody waits for any more. */
    mt_workers_stop_all(config->survey->workers);
    uv_run(config->survey->workers->loop, UV_RUN_DEFAULT);
    unwatch_signals(&run);
    free(run.tests);
    return run.signal;
}
