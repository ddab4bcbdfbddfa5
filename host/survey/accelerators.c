/* SPDX-License-Identifier: Apache-2.0 */
/* Accelerators: which of them are tried, and when; and which accelerator the run uses. */
#include "survey/accelerators.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "survey/qemus.h"
#include "survey/trials.h"

static bool may_be_chosen(const struct mt_survey *survey, const struct mt_accelerator_trial *trial)
{
    const struct mt_strings *accepted = &survey->manifest->accel;

    return mt_strings_contain(accepted, trial->name) || mt_strings_contain(accepted, "auto");
}

/*
 * An accelerator that cannot be chosen is not tried before a test needs it: on a machine that
 * emulates KVM, a trial of TCG beside that of KVM would double the time of both.
 */
void mt_accelerators_try(struct mt_survey *survey)
{
    static const char *const names[MT_ACCELERATORS] = {[MT_TCG] = "tcg", [MT_KVM] = "kvm"};

    for (int i = 0; i < MT_ACCELERATORS; i++) {
        struct mt_accelerator_trial *trial = &survey->trials[i];
        trial->name = names[i];
        if (may_be_chosen(survey, trial)) {
            mt_trial_start(survey, trial);
        }
    }
}

void mt_survey_need_kvm(struct mt_survey *survey)
{
    struct mt_accelerator_trial *kvm = &survey->trials[MT_KVM];

    if (survey->machine != NULL && !kvm->tried) {
        mt_trial_start(survey, kvm);
    }
}

/* While only one trial has ended, its accelerator is the faster one. */
static const char *choose_fastest(const struct mt_accelerator_trial *trials)
{
    const struct mt_accelerator_trial *tcg = &trials[MT_TCG];
    const struct mt_accelerator_trial *kvm = &trials[MT_KVM];
    bool tcg_works = tcg->state == MT_ACCELERATOR_WORKS;
    bool kvm_works = kvm->state == MT_ACCELERATOR_WORKS;

    if (tcg_works && kvm_works) {
        return kvm->ms <= tcg->ms ? kvm->name : tcg->name;
    }
    if (kvm_works) {
        return kvm->name;
    }
    return tcg_works ? tcg->name : NULL;
}

static const struct mt_accelerator_trial *trial_of(const struct mt_survey *survey, const char *name)
{
    return &survey->trials[strcmp(name, "kvm") == 0 ? MT_KVM : MT_TCG];
}

int64_t mt_survey_boot_ms(const struct mt_survey *survey, const char *accel)
{
    const struct mt_accelerator_trial *trial = trial_of(survey, accel);

    return trial->state == MT_ACCELERATOR_WORKS ? trial->cpu_ms : 0;
}

json_t *mt_survey_reset(const struct mt_survey *survey, const char *accel)
{
    return trial_of(survey, accel)->jobs[0].result.reset;
}

json_t *mt_survey_unusable_views(const struct mt_survey *survey, const char *accel)
{
    const struct mt_accelerator_trial *trial = trial_of(survey, accel);
    json_t *unusable = json_object();

    for (size_t i = 0; i < sizeof(trial->jobs) / sizeof(trial->jobs[0]); i++) {
        json_object_update(unusable, trial->jobs[i].result.unusable_views);
    }
    return unusable;
}

static const char *choose_in_order(const struct mt_survey *survey)
{
    const struct mt_strings *accepted = &survey->manifest->accel;

    for (size_t i = 0; i < accepted->count; i++) {
        const struct mt_accelerator_trial *trial = trial_of(survey, accepted->items[i]);
        if (trial->state == MT_ACCELERATOR_UNKNOWN) {
            return NULL;
        }
        if (trial->state == MT_ACCELERATOR_WORKS) {
            return trial->name;
        }
    }
    return NULL;
}

static bool was_accepted(const struct mt_survey *survey, const struct mt_accelerator_trial *trial)
{
    const struct mt_strings *accepted = &survey->manifest->accel;

    return strcmp(accepted->items[0], "auto") == 0 || mt_strings_contain(accepted, trial->name);
}

/*
 * TCG works on every host. Where TCG fails, something else is wrong with a QEMU, so the message
 * begins with that QEMU. Why KVM fails is added only where the reason is another one.
 */
static char *accelerator_fault_beginning(const struct mt_survey *survey)
{
    const struct mt_accelerator_trial *tcg = &survey->trials[MT_TCG];

    if (!was_accepted(survey, tcg) || tcg->culprit == NULL) {
        return mt_text_copy("no accelerator works here");
    }
    return mt_qemu_fault(tcg->culprit, tcg->why_not);
}

static bool is_explained(const struct mt_survey *survey, const struct mt_accelerator_trial *trial)
{
    const struct mt_accelerator_trial *tcg = &survey->trials[MT_TCG];

    return was_accepted(survey, tcg) && tcg->culprit != NULL &&
           (trial == tcg || strcmp(trial->why_not, tcg->why_not) == 0);
}

static void explain_no_accelerator(struct mt_survey *survey)
{
    char *text = accelerator_fault_beginning(survey);

    for (int i = 0; i < MT_ACCELERATORS; i++) {
        const struct mt_accelerator_trial *trial = &survey->trials[i];
        if (!was_accepted(survey, trial) || is_explained(survey, trial)) {
            continue;
        }
        mt_text_append(&text, "; %s: %s", trial->name, trial->why_not);
    }
    survey->accel_fault = text;
}

bool mt_accelerators_are_pending(const struct mt_survey *survey)
{
    return survey->trials[MT_TCG].pending + survey->trials[MT_KVM].pending > 0;
}

void mt_accelerators_choose(struct mt_survey *survey)
{
    if (survey->machine == NULL || survey->accel != NULL || survey->accel_fault != NULL) {
        return;
    }
    if (strcmp(survey->manifest->accel.items[0], "auto") == 0) {
        survey->accel = choose_fastest(survey->trials);
    } else {
        survey->accel = choose_in_order(survey);
    }
    if (survey->accel == NULL && !mt_accelerators_are_pending(survey)) {
        explain_no_accelerator(survey);
    }
}

void mt_accelerators_clear(struct mt_survey *survey)
{
    for (int i = 0; i < MT_ACCELERATORS; i++) {
        mt_trial_clear(&survey->trials[i]);
    }
}
