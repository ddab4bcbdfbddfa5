/* SPDX-License-Identifier: Apache-2.0 */
/* The two QEMUs: found, asked what they can do, brought to one machine. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "runner/cache.h"
#include "runner/machines.h"
#include "runner/survey.h"

/* A QEMU answers all that is asked in 0.2 s. */
static const int64_t probe_timeout_ms = 15000;

/* As exec would find it. */
static char *find_binary(const char *name, struct mt_error *error)
{
    const char *path = getenv("PATH");

    if (strchr(name, '/') != NULL) {
        if (access(name, X_OK) < 0) {
            mt_fail_errno(error, "cannot run %s", name);
            return NULL;
        }
        return realpath(name, NULL);
    }
    MT_AUTO_FREE char *folders = mt_text_copy(path != NULL ? path : "/usr/bin:/bin");
    char *rest = NULL;
    for (char *folder = strtok_r(folders, ":", &rest); folder != NULL;
         folder = strtok_r(NULL, ":", &rest)) {
        char *candidate = mt_text("%s/%s", folder, name);
        struct stat status;
        if (stat(candidate, &status) == 0 && S_ISREG(status.st_mode) &&
            access(candidate, X_OK) == 0) {
            return candidate;
        }
        free(candidate);
    }
    mt_fail(error, "there is no %s on the PATH", name);
    return NULL;
}

static char *identify(const struct mt_surveyed_qemu *qemu, const char *asked_by)
{
    MT_AUTO_FREE char *file = mt_cache_file_identity(qemu->binary);
    char *identity = mt_text("%s by %s", file, asked_by);

    for (size_t i = 0; i < qemu->config->args.count; i++) {
        char *longer = mt_text("%s arg %s", identity, qemu->config->args.items[i]);
        free(identity);
        identity = longer;
    }
    for (size_t i = 0; i < qemu->config->env.count; i++) {
        char *longer = mt_text("%s env %s", identity, qemu->config->env.items[i]);
        free(identity);
        identity = longer;
    }
    return identity;
}

static void check_target(struct mt_surveyed_qemu *qemu)
{
    const char *target = json_string_value(json_object_get(qemu->abilities, "target"));

    if (target == NULL || strcmp(target, "x86_64") != 0) {
        qemu->is_other_target = true;
        qemu->fault = mt_text("the %s (%s) is a QEMU for %s, expected x86_64: the guest program is "
                              "for x86",
                              qemu->side, qemu->binary, target != NULL ? target : "no target");
    }
}

static void resolve_machine(struct mt_survey *survey)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (survey->source.pending || survey->destination.pending || survey->source.fault != NULL ||
        survey->destination.fault != NULL || survey->machine != NULL) {
        return;
    }
    if (mt_machine_resolve(survey->source.abilities, survey->destination.abilities,
                           survey->manifest->machine, &survey->machine, &error) < 0) {
        survey->machine_fault = mt_text_copy(mt_error_text(&error));
        return;
    }
    mt_survey_accelerators(survey);
}

static void take_record(void *data, const char *kind, const json_t *record)
{
    struct mt_surveyed_qemu *qemu = data;

    if (strcmp(kind, "probe") == 0 && qemu->abilities == NULL) {
        qemu->abilities = json_deep_copy(record);
        json_object_del(qemu->abilities, "token");
        json_object_del(qemu->abilities, "kind");
    } else {
        mt_testimony_add(&qemu->testimony, kind, record);
    }
}

static void probed(void *data, const struct mt_worker *worker)
{
    struct mt_surveyed_qemu *qemu = data;
    MT_AUTO_FREE char *fault = mt_verdict_job_fault(&qemu->testimony, worker->reader.foreign);

    qemu->pending = false;
    if (fault != NULL) {
        qemu->fault = mt_text("the %s cannot be used: %s", qemu->side, fault);
    } else if (qemu->abilities == NULL) {
        qemu->fault = mt_text("the %s (%s) did not say what it can do", qemu->side, qemu->binary);
    } else {
        mt_cache_put("probe", qemu->identity, qemu->abilities);
        check_target(qemu);
    }
    resolve_machine(qemu->survey);
    mt_survey_tell(qemu->survey);
}

static void probe(struct mt_surveyed_qemu *qemu)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_worker_job job = {
        .data = qemu,
        .record = take_record,
        .done = probed,
        .argument = qemu->binary,
        .timeout_ms = probe_timeout_ms,
    };
    json_t *plan = json_pack("{s:s, s:o}", "job", "probe", "qemu", mt_survey_qemu(qemu));

    if (mt_worker_start(qemu->survey->workers, &job, plan, NULL, &error) < 0) {
        qemu->fault = mt_text_copy(mt_error_text(&error));
        return;
    }
    qemu->pending = true;
}

static void begin(struct mt_surveyed_qemu *qemu, struct mt_survey *survey, const char *side,
                  const struct mt_manifest_qemu *config)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    *qemu = (struct mt_surveyed_qemu){.survey = survey, .side = side, .config = config};
    qemu->binary = find_binary(config->binary, &error);
    if (qemu->binary == NULL) {
        qemu->fault = mt_text("the %s cannot be used: %s", side, mt_error_text(&error));
        return;
    }
    qemu->identity = identify(qemu, survey->workers->identity);
    qemu->abilities = mt_cache_get("probe", qemu->identity);
    if (qemu->abilities != NULL) {
        check_target(qemu);
    } else {
        probe(qemu);
    }
}

void mt_survey_qemus(struct mt_survey *survey)
{
    begin(&survey->source, survey, "source", &survey->manifest->source);
    begin(&survey->destination, survey, "destination", &survey->manifest->destination);
    resolve_machine(survey);
    mt_survey_choose_accelerator(survey);
}
