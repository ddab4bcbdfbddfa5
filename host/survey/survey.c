/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/survey.h"

#include <stdlib.h>
#include <string.h>

#include "survey/accelerators.h"
#include "survey/qemus.h"

static bool plugins_are_pending(const struct mt_survey *survey)
{
    for (size_t i = 0; i < survey->plugin_count; i++) {
        if (survey->plugins[i].pending) {
            return true;
        }
    }
    return false;
}

static bool is_ready(const struct mt_survey *survey)
{
    if (plugins_are_pending(survey) || survey->source.pending || survey->destination.pending) {
        return false;
    }
    return survey->accel != NULL || survey->accel_fault != NULL ||
           !mt_accelerators_are_pending(survey);
}

/* Takes the steps that the answers allow: from the QEMUs' abilities to the machine, to the trials,
 * to the accelerator. */
static void advance(struct mt_survey *survey)
{
    if (survey->machine == NULL && survey->machine_fault == NULL) {
        mt_qemus_resolve_machine(survey);
        if (survey->machine != NULL) {
            mt_accelerators_try(survey);
        }
    }
    mt_accelerators_choose(survey);
}

void mt_survey_wait(struct mt_survey *survey)
{
    advance(survey);
    while (!is_ready(survey) && uv_loop_alive(survey->workers->loop)) {
        uv_run(survey->workers->loop, UV_RUN_ONCE);
        advance(survey);
    }
}

void mt_survey_wait_all(struct mt_survey *survey)
{
    mt_survey_wait(survey);
    mt_survey_need_kvm(survey);
    while (mt_accelerators_are_pending(survey) && uv_run(survey->workers->loop, UV_RUN_ONCE) != 0) {
    }
}

static bool are_same_binary(const struct mt_surveyed_qemu *one,
                            const struct mt_surveyed_qemu *other)
{
    return strcmp(one->config->binary, other->config->binary) == 0;
}

char *mt_survey_fault(const struct mt_survey *survey)
{
    const struct mt_surveyed_qemu *source = &survey->source;
    const struct mt_surveyed_qemu *destination = &survey->destination;

    if (source->fault != NULL && destination->fault != NULL &&
        !are_same_binary(source, destination)) {
        return mt_text("%s; %s", source->fault, destination->fault);
    }
    return mt_text_copy(source->fault != NULL        ? source->fault
                        : destination->fault != NULL ? destination->fault
                                                     : survey->machine_fault);
}

struct mt_found mt_survey_found(const struct mt_survey *survey)
{
    const struct mt_accelerator_trial *kvm = &survey->trials[MT_KVM];

    return (struct mt_found){
        .source = survey->source.abilities,
        .destination = survey->destination.abilities,
        .assume = survey->manifest != NULL ? &survey->manifest->assume : NULL,
        .kvm = kvm->state,
        .dirty_ring = kvm->dirty_ring,
        .why_no_kvm = kvm->why_not != NULL ? kvm->why_not : "it was not tried",
        .why_no_ring = kvm->why_no_ring != NULL ? kvm->why_no_ring : "it cannot be had",
    };
}

static void clear_surveyed_qemu(struct mt_surveyed_qemu *qemu)
{
    free(qemu->binary);
    free(qemu->identity);
    free(qemu->fault);
    json_decref(qemu->abilities);
    mt_job_facts_clear(&qemu->facts);
}

static void clear_surveyed_plugin(struct mt_surveyed_plugin *plugin)
{
    free(plugin->file);
    free(plugin->folder);
    free(plugin->identity);
    free(plugin->fault);
    json_decref(plugin->descriptor);
    json_decref(plugin->groups);
    json_decref(plugin->options);
    mt_strings_clear(&plugin->shadowed);
    mt_job_facts_clear(&plugin->facts);
}

void mt_survey_clear(struct mt_survey *survey)
{
    for (size_t i = 0; i < survey->plugin_count; i++) {
        clear_surveyed_plugin(&survey->plugins[i]);
    }
    free(survey->plugins);
    clear_surveyed_qemu(&survey->source);
    clear_surveyed_qemu(&survey->destination);
    mt_accelerators_clear(survey);
    mt_strings_clear(&survey->machine_args);
    free(survey->machine_fault);
    free(survey->accel_fault);
    *survey = (struct mt_survey){0};
}
