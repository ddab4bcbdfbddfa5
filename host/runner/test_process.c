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

/* What of a log goes into the reports; the whole stays in the results folder. */
static const size_t output_limit = 65536;

enum { SIDES = 2 };

void mt_test_process_interrupt(struct mt_test_process *process)
{
    process->interrupted = true;
}

static void work(struct mt_test_process *process);

static struct mt_event event_of(const struct mt_test_process *process, enum mt_event_kind kind)
{
    return (struct mt_event){
        .kind = kind,
        .id = process->test->id,
        .repeat = process->repeat,
        .attempt = process->attempt,
    };
}

static char *join_words(const char *const *words)
{
    char *text = mt_text_copy("");

    for (const char *const *word = words; *word != NULL; word++) {
        mt_text_append(&text, "%s%s", word > words ? " " : "", *word);
    }
    return text;
}

/* A QEMU's command line as a shell takes it. */
static void keep_command(struct mt_strings *commands, const char *side, const char *const *words)
{
    char *text = mt_text("%s:", side);

    for (; *words != NULL; words++) {
        MT_AUTO_FREE char *quoted = mt_quote(*words);
        mt_text_append(&text, " %s", quoted);
    }
    mt_strings_add(commands, "%s", text);
    free(text);
}

static void take_qemu(struct mt_test_process *process, const struct mt_record *record)
{
    struct mt_event event = event_of(process, MT_EVENT_QEMU);
    MT_AUTO_FREE char *command = join_words(record->qemu.command);

    event.side = record->qemu.side;
    event.pid = record->qemu.pid;
    event.accel = record->qemu.accel;
    event.machine = record->qemu.machine;
    event.command = command;
    keep_command(&process->commands, event.side, record->qemu.command);
    free(process->accel);
    free(process->machine);
    process->accel = mt_text_copy(event.accel);
    process->machine = mt_text_copy(event.machine);
    process->event(process->data, &event);
}

static void take_greeted(struct mt_test_process *process, const struct mt_record *record)
{
    struct mt_event event = event_of(process, MT_EVENT_QEMU_GREETED);

    event.side = record->greeted.side;
    event.pid = record->greeted.pid;
    event.version = record->greeted.version;
    event.build_id = record->greeted.build_id;
    event.program = record->greeted.program;
    process->event(process->data, &event);
}

static void take_note(struct mt_test_process *process, const struct mt_record *record)
{
    struct mt_event event = event_of(process, MT_EVENT_NOTE);

    event.key = record->note.key;
    event.value = record->note.value;
    process->event(process->data, &event);
}

static void take_waiting(struct mt_test_process *process, const struct mt_record *record)
{
    struct mt_event event = event_of(process, MT_EVENT_WAITING);

    event.side = record->wait.side;
    event.what = record->wait.what;
    event.ms = record->wait.ms;
    process->event(process->data, &event);
}

static void take_record(void *data, struct mt_record *record)
{
    struct mt_test_process *process = data;

    mt_watch_moved(&process->watch);
    mt_job_facts_add(&process->facts, record);
    switch (record->kind) {
    case MT_RECORD_QEMU:
        take_qemu(process, record);
        break;
    case MT_RECORD_GREETED:
        take_greeted(process, record);
        break;
    case MT_RECORD_NOTE:
        take_note(process, record);
        break;
    case MT_RECORD_WAITING:
        take_waiting(process, record);
        break;
    default:
        break;
    }
}

/* What a process before this one has left in the same log is not read again. */
static char *read_tail(const char *path, int64_t from)
{
    MT_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) < 0) {
        return mt_text_copy("");
    }
    size_t size_now = status.st_size > from ? (size_t)(status.st_size - from) : 0;
    size_t wanted = size_now < output_limit ? size_now : output_limit;
    MT_AUTO_FREE char *bytes = mt_alloc(wanted, 1);
    ssize_t size = pread(fd, bytes, wanted, status.st_size - (off_t)wanted);
    return mt_clean(bytes, size > 0 ? (size_t)size : 0);
}

static char *log_path(const struct mt_test_process *process)
{
    return mt_text("%s/%s", process->config->results, process->log);
}

static void release(struct mt_test_process *process)
{
    mt_job_facts_clear(&process->facts);
    free(mt_take_pointer(process->log));
    free(mt_take_pointer(process->bundle));
    mt_strings_clear(&process->commands);
    free(mt_take_pointer(process->reproduce));
    free(mt_take_pointer(process->accel));
    free(mt_take_pointer(process->machine));
}

static bool has_another_try(const struct mt_test_process *process, const char *outcome)
{
    return mt_outcome_word_is_bad(outcome) && !process->interrupted &&
           process->attempt <= process->config->retries;
}

/* A test that passes when it is tried again is never silently good. */
static void mark_flaky(const struct mt_test_process *process, struct mt_verdict *verdict)
{
    if (process->fault != NULL && strcmp(verdict->outcome, "passed") == 0) {
        verdict->reason = MT_REASON_FLAKY;
        free(verdict->message);
        verdict->message = mt_text("it passed at attempt %lld only; before that: %s",
                                   (long long)process->attempt, process->fault);
    }
}

/* Nor does a skip undo what failed before it. */
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

/* The folder of the test goes with its last attempt's; it stays where others are in it. */
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

/* An attempt that went wrong keeps its bundle, and `finished` names it. */
static void settle_bundle(struct mt_test_process *process, struct mt_event *finished)
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
    struct mt_event event = event_of(process, MT_EVENT_FINISHED);

    event.final = !has_another_try(process, verdict->outcome);
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
    settle_bundle(process, &event);
    process->event(process->data, &event);
}

/* An attempt that somebody else has ended says nothing about the next. */
static bool has_failed(const struct mt_verdict *verdict)
{
    return mt_outcome_word_is_bad(verdict->outcome) && !mt_reason_is_cut_off(verdict->reason);
}

/*
 * Nothing was found out of QEMU, as the host gave it no processor when it mattered: the same
 * attempt goes on with a new pair in a new process. It counts neither as one that failed nor as
 * another that passed.
 */
static bool starts_over(struct mt_test_process *process, const struct mt_verdict *verdict)
{
    if (!mt_verdict_is_undecided(verdict) || process->interrupted) {
        return false;
    }
    MT_AUTO_FREE char *key = mt_text("not decided %u", ++process->undecided);
    struct mt_event event = event_of(process, MT_EVENT_NOTE);
    event.key = key;
    event.value = verdict->message;
    process->event(process->data, &event);
    return process->undecided < MT_MOST_UNDECIDED;
}

/* Nothing of the process before is part of what the next one finds. */
static void start_over(struct mt_test_process *process, struct mt_verdict *verdict)
{
    MT_AUTO_FREE char *folder = mt_text("%s/%s", process->config->results, process->bundle);

    mt_verdict_clear(verdict);
    remove_bundle(folder);
    mt_job_facts_clear(&process->facts);
    mt_strings_clear(&process->commands);
    work(process);
}

static void tell_undecided(const struct mt_test_process *process, struct mt_verdict *verdict)
{
    if (mt_verdict_is_undecided(verdict) && process->undecided == MT_MOST_UNDECIDED) {
        char *message =
            mt_text("not decided in %u tries; the last: %s", process->undecided, verdict->message);
        free(verdict->message);
        verdict->message = message;
    }
}

static void finish(struct mt_test_process *process, struct mt_verdict *verdict, const char *output)
{
    process->worker = NULL;
    if (starts_over(process, verdict)) {
        start_over(process, verdict);
        return;
    }
    tell_undecided(process, verdict);
    mark_flaky(process, verdict);
    refuse_late_skip(process, verdict);
    const char *outcome = verdict->outcome;
    tell_finished(process, verdict, output);
    if (process->fault == NULL && has_failed(verdict)) {
        process->fault = mt_text_copy(verdict->message);
    }
    mt_verdict_clear(verdict);
    release(process);
    if (has_another_try(process, outcome)) {
        mt_test_process_start(process);
        return;
    }
    free(mt_take_pointer(process->fault));
    process->over(process->data, process, mt_outcome_word_is_bad(outcome));
}

static void done(void *data, const struct mt_worker *worker)
{
    struct mt_test_process *process = data;
    MT_AUTO_FREE char *path = log_path(process);
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
    finish(process, &verdict, output);
}

static int64_t ram_of(const struct mt_test_process *process)
{
    int64_t own_mib = json_integer_value(json_object_get(process->test->description, "ram_mib"));

    return own_mib > 0 ? own_mib << 20 : process->config->survey->manifest->ram;
}

/* How much slower this host is than the one that time limits are meant for, and how much more there
 * is to do. */
static double factor_of(const struct mt_test_process *process)
{
    const struct mt_survey *survey = process->config->survey;
    struct mt_calibration calibration = process->config->calibration;

    calibration.boot_ms =
        mt_survey_boot_ms(survey, process->test->wants_kvm ? "kvm" : survey->accel);
    return mt_calibration_factor(&calibration) * mt_ram_factor(ram_of(process));
}

/* What the command line says is meant for this machine, all else for the reference machine. */
static int64_t timeout_of(const struct mt_test_process *process)
{
    const struct mt_run_config *config = process->config;
    int64_t own = json_integer_value(json_object_get(process->test->description, "timeout_ms"));
    int64_t limit = own > 0 ? own : config->survey->manifest->timeout_ms;

    return config->timeout_ms > 0 ? config->timeout_ms
                                  : (int64_t)((double)limit * factor_of(process));
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

static void begin(struct mt_test_process *process)
{
    process->attempt++;
    process->undecided = 0;
    process->started_ms = mt_now_ms();
    name_files(process);
    struct mt_event event = event_of(process, MT_EVENT_STARTED);
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

/* One process for the test, which may be the attempt's first or a further one. */
static void work(struct mt_test_process *process)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    const struct mt_run_config *config = process->config;
    MT_AUTO_FREE char *path = log_path(process);
    MT_AUTO_FREE char *recordings = recordings_folder(process);
    MT_AUTO_FREE char *argument = mt_test_name(&process->test->id);
    const struct mt_worker_config worker = {
        .data = process,
        .record = take_record,
        .done = done,
        .argument = argument,
        .log = path,
        .memory = ram_of(process) * SIDES,
    };
    struct mt_job job;

    mt_test_job_make(config->survey, process->test, factor_of(process), &job);
    job.timeout_ms = timeout_of(process);
    job.run.recordings = recordings;
    mt_watch_begin(&process->watch, job.timeout_ms, factor_of(process));
    process->log_from = size_of_file(path);
    int result = mt_worker_start(config->survey->workers, &worker, &job, &process->worker, &error);
    mt_test_job_clear(&job);
    if (result < 0) {
        struct mt_verdict verdict = {
            .outcome = "error", .reason = "worker", .message = mt_text_copy(mt_error_text(&error))};
        finish(process, &verdict, NULL);
    }
}

void mt_test_process_start(struct mt_test_process *process)
{
    begin(process);
    work(process);
}

static void tell_slow(struct mt_test_process *process)
{
    struct mt_event event = event_of(process, MT_EVENT_SLOW);
    MT_AUTO_FREE char *waiting = process->facts.waiting != NULL
                                     ? mt_text("it last waited for %s", process->facts.waiting)
                                     : NULL;

    event.ms = mt_now_ms() - process->started_ms;
    event.message = waiting;
    process->event(process->data, &event);
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
        tell_slow(process);
        break;
    case MT_WATCH_STALLED:
        process->facts.stalled_ms = process->watch.silent_ms;
        mt_worker_stop(process->worker);
        break;
    }
}
