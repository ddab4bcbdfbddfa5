/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trial of an accelerator: the accelerator works if the guest program gets through its first
 * passes over memory, with the machine and the CPU of this run. That /dev/kvm exists says little.
 */
#include "survey/trials.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/json.h"
#include "jobs/job_fault.h"
#include "manifest/qemu_args.h"
#include "survey/cache.h"

/*
 * A software KVM took 4 s until the guest's first byte, a firmware too old for its QEMU 32 s, and
 * an emulated KVM on a crowded host took 20 s until the end of the trial.
 */
static const int64_t trial_timeout_ms = 60000;

static char *boot_id(void)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    char *text = NULL;

    if (mt_file_read("/proc/sys/kernel/random/boot_id", 64, &text, NULL, &ignored) < 0) {
        return mt_text_copy("");
    }
    return text;
}

/* Permissions of /dev/kvm can change without a reboot, so they are part of the key. */
static char *kvm_identity(const char *accel)
{
    struct stat status;

    if (strcmp(accel, "kvm") != 0 || stat("/dev/kvm", &status) < 0) {
        return mt_text_copy("");
    }
    return mt_text("kvm %o %d %d %lld", status.st_mode, (int)status.st_uid, (int)status.st_gid,
                   (long long)status.st_ctim.tv_sec);
}

static char *trial_key(const struct mt_survey *survey, const struct mt_surveyed_qemu *qemu,
                       const char *accel)
{
    MT_AUTO_FREE char *boot = boot_id();
    MT_AUTO_FREE char *kvm = kvm_identity(accel);
    const struct mt_machine_config config = mt_survey_machine(survey, accel);
    json_t *machine = mt_machine_encode(&config);
    MT_AUTO_FREE char *dumped = json_dumps(machine, JSON_COMPACT | JSON_SORT_KEYS);

    json_decref(machine);
    return mt_text("%s as %d since %s %s machine %s", qemu->identity, (int)geteuid(), boot, kvm,
                   dumped);
}

static void trial_settle(struct mt_accelerator_trial *trial)
{
    if (trial->pending == 0 && trial->state == MT_ACCELERATOR_UNKNOWN && trial->tried) {
        trial->state = trial->why_not != NULL ? MT_ACCELERATOR_FAILS : MT_ACCELERATOR_WORKS;
    }
}

/* Adds the result of one QEMU. The results come in any order. */
static void trial_take_result(struct mt_accelerator_trial *trial,
                              const struct mt_surveyed_qemu *qemu,
                              const struct mt_trial_result *result)
{
    if (result->fault != NULL && trial->why_not == NULL) {
        trial->why_not = mt_text_copy(result->fault);
        trial->culprit = qemu;
    }
    trial->ms = result->ms > trial->ms ? result->ms : trial->ms;
    trial->cpu_ms = result->cpu_ms > trial->cpu_ms ? result->cpu_ms : trial->cpu_ms;
    trial->dirty_ring &= result->dirty_ring;
    if (result->ring_fault != NULL && trial->why_no_ring == NULL) {
        trial->why_no_ring = mt_text_copy(result->ring_fault);
    }
}

static void trial_job_take_record(void *data, struct mt_record *record)
{
    struct mt_trial_job *job = data;

    if (record->kind == MT_RECORD_TRIED && !job->has_result) {
        job->result = record->trial;
        record->trial = (struct mt_trial_result){0};
        job->has_result = true;
    } else if (record->kind == MT_RECORD_RUNS) {
        job->runs = true;
    } else {
        mt_job_facts_add(&job->facts, record);
    }
}

/*
 * Whether the result is cached. TCG works on every host, so a failure of TCG has a passing cause
 * and is tried again. A failure of KVM is cached only if the trial itself found it while QEMU ran,
 * and neither died, nor ran out of time, nor failed to start QEMU.
 */
static bool is_lasting(const struct mt_trial_job *job, const char *fault)
{
    const struct mt_job_facts *facts = &job->facts;

    if (facts->stopped || facts->environment != NULL) {
        return false;
    }
    return fault == NULL || (job->runs && strcmp(job->trial->name, "kvm") == 0 && facts->ended &&
                             facts->error != NULL && facts->timeout_ms == 0);
}

/* An argument of the manifest that may be why a QEMU runs and its guest says nothing. */
static char *hint_of(const struct mt_trial_job *job)
{
    const struct mt_strings *lists[] = {&job->survey->manifest->args, &job->qemu->config->args};

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (size_t j = 0; j < lists[i]->count; j++) {
            const char *why = mt_qemu_args_silence(lists[i], j, job->survey->manifest->firmware);
            if (why != NULL) {
                return mt_text("; %s %s in the manifest's args may be why: %s", lists[i]->items[j],
                               j + 1 < lists[i]->count ? lists[i]->items[j + 1] : "", why);
            }
        }
    }
    return mt_text("; it cannot use the cpu %s, or something else has its serial port or the place "
                   "of its firmware",
                   job->survey->manifest->cpu);
}

/* An incomplete result is not cached, so that the next run completes it. */
static bool is_complete(const struct mt_trial_result *result)
{
    return result->fault != NULL || (result->reset != NULL && result->unusable_views != NULL);
}

static void keep_result(const struct mt_trial_job *job)
{
    json_t *json = mt_trial_result_encode(&job->result);

    mt_cache_put("trial", job->key, json);
    json_decref(json);
}

/* What the cache has may be cut short, or be no result at all. */
static void find_result(struct mt_trial_job *job)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    json_t *json = mt_cache_get("trial", job->key);

    job->has_result = mt_trial_result_decode(json, &job->result, &ignored) == 0;
    json_decref(json);
}

/* In place of what the trial found out. */
static void set_fault(struct mt_trial_job *job, char *fault)
{
    mt_trial_result_clear(&job->result);
    job->result = (struct mt_trial_result){.fault = fault};
    job->has_result = true;
}

static void trial_job_take_verdict(struct mt_trial_job *job, const struct mt_worker *worker)
{
    struct mt_accelerator_trial *trial = job->trial;
    MT_AUTO_FREE char *fault = mt_job_fault(&job->facts, worker->reader.foreign, NULL);

    if (fault != NULL || !job->has_result) {
        MT_AUTO_FREE char *hint = job->runs ? hint_of(job) : mt_text_copy("");
        set_fault(job, mt_text("%s%s", fault != NULL ? fault : "it did not say a word", hint));
    }
    if (is_lasting(job, fault) && is_complete(&job->result)) {
        keep_result(job);
    }
    trial_take_result(trial, job->qemu, &job->result);
}

static void trial_job_done(void *data, const struct mt_worker *worker)
{
    struct mt_trial_job *job = data;
    struct mt_accelerator_trial *trial = job->trial;

    trial->pending--;
    trial_job_take_verdict(job, worker);
    trial_settle(trial);
    if (job->survey->changed != NULL) {
        job->survey->changed(job->survey->data);
    }
}

static void clear_job(struct mt_trial_job *job)
{
    free(job->key);
    mt_trial_result_clear(&job->result);
    mt_job_facts_clear(&job->facts);
}

static void try_with(struct mt_survey *survey, struct mt_accelerator_trial *trial,
                     struct mt_trial_job *job, const struct mt_surveyed_qemu *qemu)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    *job = (struct mt_trial_job){.survey = survey, .trial = trial, .qemu = qemu};
    job->key = trial_key(survey, qemu, trial->name);
    find_result(job);
    if (job->has_result) {
        trial_take_result(trial, qemu, &job->result);
        return;
    }
    const struct mt_worker_config config = {
        .data = job,
        .record = trial_job_take_record,
        .done = trial_job_done,
        .argument = trial->name,
    };
    const struct mt_job work = {
        .kind = MT_JOB_TRY,
        .timeout_ms = trial_timeout_ms,
        .try = {.qemu = mt_survey_qemu(qemu), .machine = mt_survey_machine(survey, trial->name)},
    };
    if (mt_worker_start(survey->workers, &config, &work, NULL, &error) < 0) {
        trial->why_not = mt_text_copy(mt_error_text(&error));
        return;
    }
    trial->pending++;
}

static bool qemu_has(const struct mt_surveyed_qemu *qemu, const char *accel)
{
    size_t index;
    json_t *item;

    json_array_foreach (json_object_get(qemu->abilities, "accelerators"), index, item) {
        if (strcmp(json_string_value(item), accel) == 0) {
            return true;
        }
    }
    return false;
}

/* A fault that shows before anything is started; NULL: none. The caller frees it. */
static char *obvious_fault(const struct mt_survey *survey, const char *accel)
{
    if (!qemu_has(&survey->source, accel)) {
        return mt_text("the source was built without %s", accel);
    }
    if (!qemu_has(&survey->destination, accel)) {
        return mt_text("the destination was built without %s", accel);
    }
    if (strcmp(accel, "kvm") != 0) {
        return NULL;
    }
    MT_AUTO_FD int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    return fd < 0 ? mt_text("/dev/kvm: %s", strerror(errno)) : NULL;
}

void mt_trial_start(struct mt_survey *survey, struct mt_accelerator_trial *trial)
{
    trial->tried = true;
    trial->why_not = obvious_fault(survey, trial->name);
    if (trial->why_not == NULL) {
        trial->dirty_ring = true;
        try_with(survey, trial, &trial->jobs[0], &survey->source);
        if (strcmp(survey->source.identity, survey->destination.identity) != 0) {
            try_with(survey, trial, &trial->jobs[1], &survey->destination);
        }
    }
    trial_settle(trial);
}

void mt_trial_clear(struct mt_accelerator_trial *trial)
{
    free(trial->why_not);
    free(trial->why_no_ring);
    for (int i = 0; i < 2; i++) {
        clear_job(&trial->jobs[i]);
    }
}
