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

/* What of a log goes into the reports; the whole stays in the results folder. */
static const size_t output_limit = 65536;

void mt_test_process_init(struct mt_test_process *process, const struct mt_planned *test)
{
    int64_t weight = json_integer_value(json_object_get(test->description, "weight"));

    *process = (struct mt_test_process){
        .test = test, .weight = weight > 0 && weight <= 1024 ? (unsigned)weight : 1};
}

void mt_test_process_interrupt(struct mt_test_process *process)
{
    process->interrupted = process->running;
}

static struct mt_event event_of(const struct mt_test_process *process, enum mt_event_kind kind)
{
    return (struct mt_event){
        .kind = kind,
        .plugin = process->test->plugin->entry->name,
        .group = process->test->group,
        .test = process->test->test,
        .attempt = process->attempt,
    };
}

static const char *member(const json_t *record, const char *name)
{
    return json_string_value(json_object_get(record, name));
}

static char *join(const json_t *list)
{
    char *text = mt_text_copy("");
    size_t index;
    json_t *one;

    json_array_foreach (list, index, one) {
        const char *part = json_string_value(one);
        char *longer = mt_text("%s%s%s", text, index > 0 ? " " : "", part != NULL ? part : "");
        free(text);
        text = longer;
    }
    return text;
}

static void take_qemu(struct mt_test_process *process, const json_t *record)
{
    struct mt_event event = event_of(process, MT_EVENT_QEMU);
    MT_AUTO_FREE char *command = join(json_object_get(record, "command"));

    event.side = member(record, "side");
    event.pid = json_integer_value(json_object_get(record, "pid"));
    event.accel = member(record, "accel");
    event.machine = member(record, "machine");
    event.command = command;
    free(process->accel);
    free(process->machine);
    process->accel = mt_text_copy(event.accel);
    process->machine = mt_text_copy(event.machine);
    process->event(process->data, &event);
}

static void take_record(void *data, const char *kind, const json_t *record)
{
    struct mt_test_process *process = data;

    if (strcmp(kind, "qemu") == 0) {
        take_qemu(process, record);
    } else if (strcmp(kind, "note") == 0) {
        struct mt_event event = event_of(process, MT_EVENT_NOTE);
        event.key = member(record, "key");
        event.value = member(record, "value");
        process->event(process->data, &event);
    } else {
        mt_testimony_add(&process->testimony, kind, record);
    }
    if (strcmp(kind, "waiting") == 0) {
        struct mt_event event = event_of(process, MT_EVENT_WAITING);
        event.side = member(record, "side");
        event.what = member(record, "what");
        event.ms = json_integer_value(json_object_get(record, "ms"));
        process->event(process->data, &event);
    }
}

static char *read_tail(const char *path)
{
    MT_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    MT_AUTO_FREE char *bytes = mt_alloc(output_limit, 1);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) < 0) {
        return mt_text_copy("");
    }
    off_t from = status.st_size > (off_t)output_limit ? status.st_size - (off_t)output_limit : 0;
    ssize_t size = pread(fd, bytes, output_limit, from);
    return mt_clean(bytes, size > 0 ? (size_t)size : 0);
}

static char *log_path(const struct mt_test_process *process)
{
    return mt_text("%s/%s", process->config->results, process->log);
}

static void release(struct mt_test_process *process)
{
    mt_testimony_clear(&process->testimony);
    free(mt_take_pointer(process->log));
    free(mt_take_pointer(process->reproduce));
    free(mt_take_pointer(process->accel));
    free(mt_take_pointer(process->machine));
}

static void finish(struct mt_test_process *process, struct mt_verdict *verdict, const char *output)
{
    struct mt_event event = event_of(process, MT_EVENT_FINISHED);
    const char *outcome = verdict->outcome;

    event.final = 1;
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
    process->running = false;
    process->event(process->data, &event);
    free(verdict->message);
    free(verdict->file);
    release(process);
    process->over(process->data, process, outcome);
}

static void done(void *data, const struct mt_worker *worker)
{
    struct mt_test_process *process = data;
    MT_AUTO_FREE char *path = log_path(process);
    MT_AUTO_FREE char *output = read_tail(path);
    struct mt_verdict verdict;

    if (worker->stopping && !process->interrupted && !process->testimony.ended) {
        process->testimony.timeout_ms = worker->job.timeout_ms;
    }
    mt_verdict_of(&process->testimony, worker->reader.foreign, output, &verdict);
    if (process->interrupted) {
        free(verdict.message);
        free(verdict.file);
        verdict = (struct mt_verdict){
            .outcome = "error", .reason = "interrupted", .message = mt_text_copy("interrupted")};
    }
    finish(process, &verdict, output);
}

static json_t *list_of(const struct mt_strings *strings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < strings->count; i++) {
        json_array_append_new(list, json_string(strings->items[i]));
    }
    return list;
}

static json_t *not_kept_of(const struct mt_manifest *manifest)
{
    const struct mt_yaml *entries = manifest->not_kept;
    json_t *list = json_array();

    for (size_t i = 0; entries != NULL && i < entries->count; i++) {
        const struct mt_yaml *entry = entries->items[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "section",
                                              mt_yaml_get(entry, "section")->text, "field",
                                              mt_yaml_get(entry, "field")->text, "reason",
                                              mt_yaml_get(entry, "reason")->text));
    }
    return list;
}

static json_t *make_plan(const struct mt_test_process *process)
{
    const struct mt_survey *survey = process->config->survey;
    const struct mt_manifest *manifest = survey->manifest;
    const struct mt_planned *test = process->test;
    const char *accel = test->wants_kvm ? "kvm" : survey->accel;

    return json_pack(
        "{s:s, s:{s:s, s:s, s:O}, s:s, s:s, s:I, s:o, s:o, s:o, s:b, s:o, s:o, s:O?}", "job", "run",
        "plugin", "file", test->plugin->file, "name", test->plugin->entry->name, "options",
        test->plugin->options, "group", test->group, "test", test->test, "attempt",
        (json_int_t)process->attempt, "source", mt_survey_qemu(&survey->source), "destination",
        mt_survey_qemu(&survey->destination), "machine", mt_survey_machine(survey, accel), "hold",
        manifest->hold, "blind", list_of(&manifest->blind), "not_kept", not_kept_of(manifest),
        "reset", mt_survey_reset(survey, accel));
}

static int64_t timeout_of(const struct mt_test_process *process)
{
    int64_t own = json_integer_value(json_object_get(process->test->description, "timeout_ms"));

    if (process->config->timeout_ms > 0) {
        return process->config->timeout_ms;
    }
    return own > 0 ? own : process->config->survey->manifest->timeout_ms;
}

static void name_files(struct mt_test_process *process)
{
    process->log =
        mt_text("logs/%s.%s.log", process->test->plugin->entry->name, process->test->test);
    for (char *at = process->log + strlen("logs/"); *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || strchr("._-", *at) != NULL;
        *at = plain ? *at : '_';
    }
    process->reproduce = mt_text("%s -t '%s:%s'", process->config->reproduce,
                                 process->test->plugin->entry->name, process->test->test);
}

static void begin(struct mt_test_process *process, const struct mt_run_config *config)
{
    process->config = config;
    process->running = true;
    process->attempt++;
    process->started_ms = mt_now_ms();
    name_files(process);
    struct mt_event event = event_of(process, MT_EVENT_STARTED);
    event.reproduce = process->reproduce;
    process->event(process->data, &event);
}

void mt_test_process_start(struct mt_test_process *process, const struct mt_run_config *config)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    begin(process, config);
    MT_AUTO_FREE char *path = log_path(process);
    MT_AUTO_FREE char *argument =
        mt_text("%s:%s", process->test->plugin->entry->name, process->test->test);
    struct mt_worker_job job = {
        .data = process,
        .record = take_record,
        .done = done,
        .argument = argument,
        .log = path,
        .timeout_ms = timeout_of(process),
    };
    if (mt_worker_start(config->survey->workers, &job, make_plan(process), NULL, &error) < 0) {
        struct mt_verdict verdict = {
            .outcome = "error", .reason = "worker", .message = mt_text_copy(mt_error_text(&error))};
        finish(process, &verdict, NULL);
    }
}
