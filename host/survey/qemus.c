/* SPDX-License-Identifier: Apache-2.0 */
/* The two QEMUs: finds them, asks for their abilities, and chooses the machine. */
#include "survey/qemus.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "jobs/job_fault.h"
#include "survey/cache.h"
#include "survey/machines.h"
#include "survey/rich_devices.h"
#include "survey/shelf.h"

/* The worker's own message names the file in most cases. */
char *mt_qemu_fault(const struct mt_surveyed_qemu *qemu, const char *why)
{
    bool is_named = qemu->binary == NULL || strstr(why, qemu->binary) != NULL;

    return mt_text("the %s cannot be used: %s%s%s", qemu->side, is_named ? "" : qemu->binary,
                   is_named ? "" : ": ", why);
}

/*
 * The identity contains everything that a trial depends on: the program that really runs, with its
 * modules and libraries, by their build ids; the file that is started, as a wrapper may add
 * arguments; the arguments and the environment; and migtest's own files. Firmware that QEMU reads,
 * other files of a wrapper and the kernel are not in it: they change seldom, and each test notices
 * when the result of a trial is not true any more.
 */
static char *identify(const struct mt_surveyed_qemu *qemu, const char *asked_by)
{
    const char *digest = mt_json_find_text(qemu->abilities, "digest");
    MT_AUTO_FREE char *file = mt_cache_file_identity(qemu->binary);
    char *identity =
        mt_text("%s runs %s by %s", file, digest != NULL ? digest : "what is unknown", asked_by);

    for (size_t i = 0; i < qemu->config->args.count; i++) {
        mt_text_append(&identity, " arg %s", qemu->config->args.items[i]);
    }
    for (size_t i = 0; i < qemu->config->env.count; i++) {
        mt_text_append(&identity, " env %s", qemu->config->env.items[i]);
    }
    return identity;
}

static void check_target(struct mt_surveyed_qemu *qemu)
{
    const char *target = mt_json_find_text(qemu->abilities, "target");

    if (target == NULL || strcmp(target, "x86_64") != 0) {
        qemu->fault = mt_text("the %s cannot be used: %s is a QEMU for %s; expected x86_64, as the "
                              "guest program is for x86",
                              qemu->side, qemu->binary, target != NULL ? target : "no target");
    }
}

static void add_machine_args(struct mt_survey *survey)
{
    const struct mt_strings *own = &survey->manifest->args;

    if (strcmp(survey->manifest->devices, "rich") == 0) {
        mt_rich_devices_add(&survey->machine_args, survey->source.abilities,
                            survey->destination.abilities);
    }
    for (size_t i = 0; i < own->count; i++) {
        mt_strings_add(&survey->machine_args, "%s", own->items[i]);
    }
}

void mt_qemus_resolve_machine(struct mt_survey *survey)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (survey->source.pending || survey->destination.pending || survey->source.fault != NULL ||
        survey->destination.fault != NULL || survey->source.binary == NULL) {
        return;
    }
    if (mt_machine_resolve(survey->source.abilities, survey->destination.abilities,
                           survey->manifest->machine, &survey->machine, &error) < 0) {
        survey->machine_fault =
            mt_text("%s; the source is %s, the destination %s", mt_error_text(&error),
                    survey->source.binary, survey->destination.binary);
        return;
    }
    add_machine_args(survey);
}

static void qemu_take_record(void *data, struct mt_record *record)
{
    struct mt_surveyed_qemu *qemu = data;

    if (record->kind == MT_RECORD_ABILITIES && qemu->abilities == NULL) {
        qemu->abilities = json_incref(record->value.json);
    } else {
        mt_job_facts_add(&qemu->facts, record);
    }
}

static void qemu_take_answer(struct mt_surveyed_qemu *qemu, const char *fault, json_t *abilities)
{
    qemu->pending = false;
    qemu->abilities = json_incref(abilities);
    if (fault != NULL) {
        MT_AUTO_FREE char *remedy = mt_shelf_remedy(qemu->binary, fault);
        MT_AUTO_FREE char *why = mt_text("%s%s", fault, remedy);
        qemu->fault = mt_qemu_fault(qemu, why);
    } else if (abilities == NULL) {
        qemu->fault = mt_qemu_fault(qemu, "it did not say what it can do");
    } else {
        qemu->identity = identify(qemu, qemu->survey->workers->identity);
        check_target(qemu);
    }
}

static void qemu_probed(void *data, const struct mt_worker *worker)
{
    struct mt_surveyed_qemu *qemu = data;
    struct mt_surveyed_qemu *twin = &qemu->survey->destination;
    MT_AUTO_FREE char *fault = mt_job_fault(&qemu->facts, worker->reader.foreign, NULL);
    json_t *abilities = qemu->abilities;

    qemu_take_answer(qemu, fault, abilities);
    if (twin->is_twin) {
        qemu_take_answer(twin, fault, abilities);
    }
    json_decref(abilities);
}

/* Each run probes again: the program behind a path may have changed. */
static void qemu_probe(struct mt_surveyed_qemu *qemu)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    const struct mt_worker_config config = {
        .data = qemu,
        .record = qemu_take_record,
        .done = qemu_probed,
        .argument = qemu->binary,
    };
    const struct mt_job job = {
        .kind = MT_JOB_PROBE,
        .timeout_ms = MT_PROBE_TIMEOUT_MS,
        .probe.qemu = mt_survey_qemu(qemu),
    };

    if (mt_worker_start(qemu->survey->workers, &config, &job, NULL, &error) < 0) {
        qemu->fault = mt_qemu_fault(qemu, mt_error_text(&error));
        return;
    }
    qemu->pending = true;
}

static bool are_same_lists(const struct mt_strings *left, const struct mt_strings *right)
{
    bool same = left->count == right->count;

    for (size_t i = 0; same && i < left->count; i++) {
        same = strcmp(left->items[i], right->items[i]) == 0;
    }
    return same;
}

/* Whether one probe can be for both. A probe does not use the arguments, so these may differ. */
static bool is_twin(const struct mt_surveyed_qemu *qemu, const struct mt_surveyed_qemu *other)
{
    return other != qemu && other->pending && strcmp(qemu->binary, other->binary) == 0 &&
           are_same_lists(&qemu->config->env, &other->config->env);
}

static void qemu_begin(struct mt_surveyed_qemu *qemu, struct mt_survey *survey, const char *side,
                       const struct mt_manifest_qemu *config)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    *qemu = (struct mt_surveyed_qemu){.survey = survey, .side = side, .config = config};
    if (mt_qemu_find(config->binary, &qemu->binary, &error) < 0) {
        qemu->fault = mt_qemu_fault(qemu, mt_error_text(&error));
        return;
    }
    if (is_twin(qemu, &survey->source)) {
        qemu->is_twin = qemu->pending = true;
    } else {
        qemu_probe(qemu);
    }
}

void mt_survey_qemus(struct mt_survey *survey)
{
    qemu_begin(&survey->source, survey, "source", &survey->manifest->source);
    qemu_begin(&survey->destination, survey, "destination", &survey->manifest->destination);
}
