/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "runner/schedule.h"
#include "runner/test_process.h"

/*
 * How often the watchdogs look. Of a time in which this host stood still, they count only one such
 * interval.
 */
static const uint64_t tick_ms = 1000;

struct run {
    const struct mt_run_config *config;
    struct mt_durations durations;
    struct mt_schedule schedule;
    struct mt_test_process *running;
    bool ending; /* no more tests begin */
    bool pumping;
    int signal;
    uv_timer_t ticks;
};

static void run_emit(struct run *run, struct mt_event *event)
{
    mt_event_stamp(event);
    run->config->event(run->config->data, event);
}

static struct mt_event run_event(const struct mt_planned *test, enum mt_event_kind kind)
{
    return (struct mt_event){.kind = kind, .id = test->id};
}

static void tell_not_run(struct run *run, const struct mt_planned *test)
{
    struct mt_event event =
        run_event(test, test->state == MT_PLANNED_SKIP ? MT_EVENT_SKIPPED : MT_EVENT_FINISHED);

    event.final = event.kind == MT_EVENT_FINISHED;
    event.quarantine = event.final ? mt_quarantine_reason(test->quarantine) : NULL;
    event.reason = test->reason;
    event.message = test->message;
    event.outcome = test->state == MT_PLANNED_SKIP   ? "skipped"
                    : test->state == MT_PLANNED_FAIL ? "failed"
                                                     : "error";
    run_emit(run, &event);
}

static void tell_interrupted(struct run *run, const struct mt_planned *test)
{
    struct mt_event event = run_event(test, MT_EVENT_SKIPPED);

    event.reason = run->signal != 0 ? MT_REASON_INTERRUPTED : MT_REASON_FAIL_FAST;
    event.outcome = "skipped";
    event.message = run->signal != 0 ? "the run was interrupted before its turn came"
                                     : "another test had failed before its turn came";
    run_emit(run, &event);
}

/* Whether the test depends on the trial of KVM, which has not ended. */
static bool must_wait_for_kvm(const struct run *run, const struct mt_planned *test)
{
    return test->description != NULL && test->state == MT_PLANNED_RUN && test->needs_kvm &&
           run->config->survey->trials[MT_KVM].state == MT_ACCELERATOR_UNKNOWN;
}

/* Reports each test that cannot run here as soon as that is known. */
static void decide_all(struct run *run)
{
    struct mt_plan_list *plan = run->config->plan;

    for (size_t i = 0; i < plan->count && !run->ending; i++) {
        struct mt_planned *test = &plan->tests[i];
        struct mt_scheduled_test *state = &run->schedule.states[i];
        if (state->decided || must_wait_for_kvm(run, test)) {
            continue;
        }
        state->decided = true;
        if (test->needs_kvm && test->state == MT_PLANNED_RUN) {
            mt_plan_decide(run->config->survey, run->config->selection, test);
        }
        if (test->state != MT_PLANNED_RUN && !state->is_over) {
            state->is_over = true;
            tell_not_run(run, test);
        }
    }
}

static void close_schedule(struct run *run)
{
    const struct mt_plan_list *plan = run->config->plan;

    for (size_t i = 0; i < plan->count; i++) {
        const struct mt_scheduled_test *state = &run->schedule.states[i];
        if (!state->is_over && state->repetitions == 0) {
            tell_interrupted(run, &plan->tests[i]);
        }
    }
    mt_schedule_close(&run->schedule);
}

static void test_event(void *data, struct mt_event *event)
{
    struct run *run = data;

    run_emit(run, event);
    if (event->kind == MT_EVENT_FINISHED && !mt_reason_is_cut_off(event->reason)) {
        mt_durations_add(&run->durations, &event->id, event->seconds);
    }
}

static void run_pump(struct run *run);

static void remove_running(struct run *run, struct mt_test_process *process)
{
    struct mt_test_process **link = &run->running;

    while (*link != process) {
        link = &(*link)->next;
    }
    *link = process->next;
}

static void test_over(void *data, struct mt_test_process *process, bool bad)
{
    struct run *run = data;
    bool counts = bad && mt_quarantine_reason(process->test->quarantine) == NULL;

    remove_running(run, process);
    mt_schedule_end(&run->schedule, (size_t)(process->test - run->config->plan->tests));
    run->ending =
        run->ending || (counts && run->config->fail_fast) || (bad && run->config->until_fail);
    free(process);
    run_pump(run);
}

static void run_begin(struct run *run, size_t index)
{
    struct mt_scheduled_test *state = &run->schedule.states[index];
    bool numbered = run->config->repeat > 0 || run->config->until_fail;
    struct mt_test_process *process = mt_alloc(1, sizeof(*process));

    *process = (struct mt_test_process){
        .test = &run->config->plan->tests[index],
        .config = run->config,
        .data = run,
        .event = test_event,
        .over = test_over,
        .next = run->running,
        .repeat = numbered ? state->repetitions + state->skipped_numbers : 0,
        .attempt = state->earlier_attempts,
        .fault = mt_text_copy(state->earlier_fault),
    };
    state->earlier_attempts = 0;
    state->earlier_fault = NULL;
    run->running = process;
    mt_test_process_start(process);
}

/* A test whose worker cannot be started is over at once, and calls this function again. */
static void run_pump(struct run *run)
{
    size_t index;

    if (run->pumping) {
        return;
    }
    run->pumping = true;
    while (!run->ending && mt_schedule_begin(&run->schedule, &index)) {
        run_begin(run, index);
    }
    if (run->ending) {
        close_schedule(run);
    }
    run->pumping = false;
}

static void survey_changed(void *data)
{
    decide_all(data);
    run_pump(data);
}

static void run_interrupted(void *data, int signal)
{
    struct run *run = data;

    run->signal = signal;
    run->ending = true;
    for (struct mt_test_process *process = run->running; process != NULL; process = process->next) {
        mt_test_process_interrupt(process);
    }
    mt_workers_stop_all(run->config->survey->workers);
    run_pump(run);
}

static void run_tick(uv_timer_t *timer)
{
    struct run *run = timer->data;

    for (struct mt_test_process *process = run->running; process != NULL; process = process->next) {
        mt_test_process_tick(process, (int64_t)tick_ms);
    }
}

static void run_watch(struct run *run)
{
    mt_signals_handle(run->config->signals, run, run_interrupted);
    uv_timer_init(run->config->survey->workers->loop, &run->ticks);
    run->ticks.data = run;
    uv_timer_start(&run->ticks, run_tick, tick_ms, tick_ms);
    uv_unref((uv_handle_t *)&run->ticks);
}

static void run_unwatch(struct run *run)
{
    mt_signals_handle(run->config->signals, NULL, NULL);
    uv_close((uv_handle_t *)&run->ticks, NULL);
    uv_run(run->config->survey->workers->loop, UV_RUN_NOWAIT);
}

/* Whether the earlier result of a test has already ended the run that is resumed. */
static bool has_ended_run(const struct run *run, const struct mt_planned *test,
                          const struct mt_test_state *earlier)
{
    bool counts = mt_quarantine_reason(test->quarantine) == NULL;
    bool ran = earlier->repetitions > 0 && !earlier->left_out;

    return mt_test_state_is_bad(earlier) && ran &&
           (run->config->until_fail || (run->config->fail_fast && counts));
}

static void tell_planned(struct run *run)
{
    const struct mt_history *history = run->config->history;

    for (size_t i = 0; i < run->config->plan->count; i++) {
        const struct mt_planned *test = &run->config->plan->tests[i];
        const struct mt_test_state *earlier =
            history != NULL ? mt_history_find(history, &test->id) : NULL;
        if (earlier == NULL || !earlier->planned) {
            struct mt_event event = run_event(test, MT_EVENT_PLANNED);
            run_emit(run, &event);
        }
        run->ending = run->ending || (earlier != NULL && has_ended_run(run, test, earlier));
    }
}

static int64_t config_rounds(const struct mt_run_config *config)
{
    if (config->until_fail) {
        return 0;
    }
    return config->repeat > 0 ? config->repeat : 1;
}

int mt_run(const struct mt_run_config *config)
{
    struct run run = {.config = config};

    mt_durations_load(&run.durations, config->survey->accel);
    mt_schedule_init(&run.schedule, config->plan, config->slots, config_rounds(config),
                     config->seed, &run.durations, config->history);
    tell_planned(&run);
    run_watch(&run);
    config->survey->data = &run;
    config->survey->changed = survey_changed;
    decide_all(&run);
    run_pump(&run);
    while (!mt_schedule_is_over(&run.schedule) &&
           uv_run(config->survey->workers->loop, UV_RUN_ONCE) != 0) {
    }
    config->survey->changed = NULL;
    /* A trial of KVM may still be at work, for which nobody waits any more. */
    mt_workers_stop_all(config->survey->workers);
    uv_run(config->survey->workers->loop, UV_RUN_DEFAULT);
    run_unwatch(&run);
    mt_schedule_clear(&run.schedule);
    mt_durations_save(&run.durations, config->survey->accel);
    return run.signal;
}
