/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/test_process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/quote.h"
#include "plan/test_job.h"
#include "runner/result_names.h"
#include "runner/test_events.h"
#include "runner/test_limits.h"

/* How much of the end of a log goes into the reports. The results folder has the whole log. */
static const size_t output_limit = 65536;

enum { SIDES = 2 };

void mt_test_process_interrupt(struct mt_test_process *process)
{
    process->interrupted = true;
}

static void start_worker(struct mt_test_process *process);

/* The last part of a log, from the offset at which the present worker began to write. */
static char *read_tail(const char *path, int64_t from)
{
    MT_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) < 0) {
        return mt_text_copy("");
    }
    size_t size_now = status.st_size > from ? (size_t)(status.st_size - from) : 0;
    size_t length = size_now < output_limit ? size_now : output_limit;
    MT_AUTO_FREE char *bytes = mt_alloc(length, 1);
    ssize_t size = pread(fd, bytes, length, status.st_size - (off_t)length);
    return mt_clean(bytes, size > 0 ? (size_t)size : 0);
}

static char *test_log_path(const struct mt_test_process *process)
{
    return mt_text("%s/%s", process->config->results, process->log);
}

static void release_attempt(struct mt_test_process *process)
{
    mt_job_facts_clear(&process->facts);
    free(mt_take_pointer(process->log));
    free(mt_take_pointer(process->bundle));
    mt_strings_clear(&process->commands);
    free(mt_take_pointer(process->reproduce));
    free(mt_take_pointer(process->accel));
    free(mt_take_pointer(process->machine));
}

static bool will_retry(const struct mt_test_process *process, const char *outcome)
{
    return mt_outcome_word_is_bad(outcome) && !process->interrupted &&
           process->attempt <= process->config->retries;
}

/* A test that passes after a failed attempt is reported as flaky. */
static void mark_flaky(const struct mt_test_process *process, struct mt_verdict *verdict)
{
    if (process->fault != NULL && strcmp(verdict->outcome, "passed") == 0) {
        verdict->reason = MT_REASON_FLAKY;
        free(verdict->message);
        verdict->message = mt_text("it passed at attempt %lld only; before that: %s",
                                   (long long)process->attempt, process->fault);
    }
}

/* A skip after a failed attempt counts as a failure. */
static void refuse_late_skip(const struct mt_test_process *process, struct mt_verdict *verdict)
{
    if (process->fault != NULL && strcmp(verdict->outcome, "skipped") == 0) {
        char *message = mt_text("it skipped itself at attempt %lld (%s); before that: %s",
                                (long long)process->attempt, verdict->message, process->fault);
        free(verdict->message);
        verdict->outcome = "failed";
        verdict->reason = "late-skip";
        verdict->message = message;
    }
}

/* Removes the folder of an attempt, and then the folder of the test, if that is empty. */
static void remove_bundle(const char *folder)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    MT_AUTO_FREE char *of_test = mt_text_copy(folder);
    char *slash = strrchr(of_test, '/');

    if (access(folder, F_OK) == 0 && mt_folder_remove(folder, &ignored) == 0 && slash != NULL) {
        *slash = '\0';
        rmdir(of_test);
    }
}

/* Completes the bundle of an attempt that went wrong, and names it in `finished`. Removes it else.
 */
static void keep_or_remove_bundle(struct mt_test_process *process, struct mt_event *finished)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *folder = mt_text("%s/%s", process->config->results, process->bundle);

    if (!mt_event_is_bad(finished)) {
        remove_bundle(folder);
        return;
    }
    mt_event_stamp(finished);
    if (process->config->explain_failure(folder, finished, process->facts.waiting,
                                         &process->commands, process->reproduce, &error) == 0) {
        finished->bundle = process->bundle;
    }
}

static void tell_finished(struct mt_test_process *process, const struct mt_verdict *verdict,
                          const char *output)
{
    struct mt_event event = mt_test_event_of(process, MT_EVENT_FINISHED);

    event.final = !will_retry(process, verdict->outcome);
    event.quarantine = mt_quarantine_reason(process->test->quarantine);
    event.outcome = verdict->outcome;
    event.reason = verdict->reason;
    event.message = verdict->message;
    event.file = verdict->file;
    event.line = verdict->line;
    event.seconds = (double)(mt_now_ms() - process->started_ms) / 1000;
    event.log = process->log;
    event.output = output;
    event.accel = process->accel;
    event.machine = process->machine;
    keep_or_remove_bundle(process, &event);
    process->event(process->data, &event);
}

/* Whether the next attempt is a retry. An attempt whose QEMU somebody else ended did not fail. */
static bool has_failed(const struct mt_verdict *verdict)
{
    return mt_outcome_word_is_bad(verdict->outcome) && !mt_reason_is_cut_off(verdict->reason);
}

/*
 * Whether the attempt goes on in a new worker with a new pair: the attempt could not decide
 * anything about QEMU, as the host gave QEMU no processor. That counts neither as a failed attempt
 * nor as a further one.
 */
static bool needs_another_worker(struct mt_test_process *process, const struct mt_verdict *verdict)
{
    if (!mt_verdict_is_undecided(verdict) || process->interrupted) {
        return false;
    }
    MT_AUTO_FREE char *key = mt_text("not decided %u", ++process->undecided);
    struct mt_event event = mt_test_event_of(process, MT_EVENT_NOTE);
    event.key = key;
    event.value = verdict->message;
    process->event(process->data, &event);
    return process->undecided < MT_MOST_UNDECIDED;
}

/* Forgets all facts of the present worker, so that they do not count for the next one. */
static void replace_worker(struct mt_test_process *process, struct mt_verdict *verdict)
{
    MT_AUTO_FREE char *folder = mt_text("%s/%s", process->config->results, process->bundle);

    mt_verdict_clear(verdict);
    remove_bundle(folder);
    mt_job_facts_clear(&process->facts);
    mt_strings_clear(&process->commands);
    start_worker(process);
}

static void explain_undecided(const struct mt_test_process *process, struct mt_verdict *verdict)
{
    if (mt_verdict_is_undecided(verdict) && process->undecided == MT_MOST_UNDECIDED) {
        char *message =
            mt_text("not decided in %u tries; the last: %s", process->undecided, verdict->message);
        free(verdict->message);
        verdict->message = message;
    }
}

static void finish_worker(struct mt_test_process *process, struct mt_verdict *verdict,
                          const char *output)
{
    process->worker = NULL;
    if (needs_another_worker(process, verdict)) {
        replace_worker(process, verdict);
        return;
    }
    explain_undecided(process, verdict);
    mark_flaky(process, verdict);
    refuse_late_skip(process, verdict);
    const char *outcome = verdict->outcome;
    tell_finished(process, verdict, output);
    if (process->fault == NULL && has_failed(verdict)) {
        process->fault = mt_text_copy(verdict->message);
    }
    mt_verdict_clear(verdict);
    release_attempt(process);
    if (will_retry(process, outcome)) {
        mt_test_process_start(process);
        return;
    }
    free(mt_take_pointer(process->fault));
    process->over(process->data, process, mt_outcome_word_is_bad(outcome));
}

static void worker_sent(void *data, struct mt_record *record)
{
    struct mt_test_process *process = data;

    mt_watch_moved(&process->watch);
    mt_job_facts_add(&process->facts, record);
    mt_test_events_take(process, record);
}

static void worker_ended(void *data, const struct mt_worker *worker)
{
    struct mt_test_process *process = data;
    MT_AUTO_FREE char *path = test_log_path(process);
    MT_AUTO_FREE char *output = read_tail(path, process->log_from);
    struct mt_job_facts *facts = &process->facts;
    struct mt_verdict verdict;

    if (worker->stopping && facts->stalled_ms == 0 && !process->interrupted &&
        (!facts->ended || facts->stopped)) {
        facts->timeout_ms = worker->timeout_ms;
    }
    mt_verdict_make(facts, worker->reader.foreign, output, &verdict);
    if (process->interrupted) {
        mt_verdict_clear(&verdict);
        verdict = (struct mt_verdict){.outcome = "error",
                                      .reason = MT_REASON_INTERRUPTED,
                                      .message = mt_text_copy("interrupted")};
    }
    finish_worker(process, &verdict, output);
}

static void name_files(struct mt_test_process *process)
{
    const struct mt_test_id *id = &process->test->id;
    MT_AUTO_FREE char *name = mt_test_name(id);

    process->log = mt_log_name(id, process->repeat, process->attempt);
    process->bundle = mt_bundle_name(id, process->repeat, process->attempt);
    MT_AUTO_FREE char *quoted = mt_quote(name);
    process->reproduce = mt_text("%s -t %s", process->config->reproduce, quoted);
}

/* An absolute path; NULL: the results folder has none. */
static char *recordings_folder(const struct mt_test_process *process)
{
    MT_AUTO_FREE char *results = realpath(process->config->results, NULL);

    return results != NULL ? mt_text("%s/%s", results, process->bundle) : NULL;
}

static void start_attempt(struct mt_test_process *process)
{
    process->attempt++;
    process->undecided = 0;
    process->started_ms = mt_now_ms();
    name_files(process);
    struct mt_event event = mt_test_event_of(process, MT_EVENT_STARTED);
    event.reproduce = process->reproduce;
    event.log = process->log;
    event.bundle = process->bundle;
    process->event(process->data, &event);
}

static int64_t size_of_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 ? (int64_t)status.st_size : 0;
}

/* Starts the first worker of an attempt, or a further one. */
static void start_worker(struct mt_test_process *process)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    const struct mt_run_config *config = process->config;
    const double factor = mt_test_factor(config, process->test);
    MT_AUTO_FREE char *path = test_log_path(process);
    MT_AUTO_FREE char *recordings = recordings_folder(process);
    MT_AUTO_FREE char *argument = mt_test_name(&process->test->id);
    const struct mt_worker_config worker = {
        .data = process,
        .record = worker_sent,
        .done = worker_ended,
        .argument = argument,
        .log = path,
        .memory = mt_test_ram(config, process->test) * SIDES,
    };
    struct mt_job job;

    mt_test_job_make(config->survey, process->test, factor, &job);
    job.timeout_ms = mt_test_timeout_ms(config, process->test);
    job.run.recordings = recordings;
    mt_watch_begin(&process->watch, job.timeout_ms, factor);
    process->log_from = size_of_file(path);
    int result = mt_worker_start(config->survey->workers, &worker, &job, &process->worker, &error);
    mt_test_job_clear(&job);
    if (result < 0) {
        struct mt_verdict verdict = {
            .outcome = "error", .reason = "worker", .message = mt_text_copy(mt_error_text(&error))};
        finish_worker(process, &verdict, NULL);
    }
}

void mt_test_process_start(struct mt_test_process *process)
{
    start_attempt(process);
    start_worker(process);
}

void mt_test_process_tick(struct mt_test_process *process, int64_t ms)
{
    if (process->worker == NULL || process->worker->stopping) {
        return;
    }
    switch (mt_watch_tick(&process->watch, ms)) {
    case MT_WATCH_FINE:
        break;
    case MT_WATCH_SLOW:
        mt_test_events_tell_slow(process);
        break;
    case MT_WATCH_STALLED:
        process->facts.stalled_ms = process->watch.silent_ms;
        mt_worker_stop(process->worker);
        break;
    }
}
