/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/json.h"

static void planned_decide(struct mt_planned *test, enum mt_planned_state state, const char *reason,
                           char *message)
{
    free(test->message);
    test->state = state;
    test->reason = reason;
    test->message = message;
}

static bool is_required(const struct mt_survey *survey, const struct mt_planned *test,
                        const char *reason)
{
    return mt_strings_contain(&survey->manifest->require, reason) ||
           mt_strings_contain(&test->plugin->entry->require, reason);
}

/*
 * The word of the manifest's `require` that makes this lack a failure; NULL: none. Without KVM
 * there is no dirty ring, so a test that needs the dirty ring also fails by "dirty-ring".
 */
static const char *required_word(const struct mt_survey *survey, const struct mt_planned *test,
                                 const struct mt_lack *lack)
{
    const json_t *needs = json_object_get(test->description, "needs");

    if (is_required(survey, test, lack->reason)) {
        return lack->reason;
    }
    return strcmp(lack->reason, "kvm") == 0 && json_is_true(json_object_get(needs, "dirty_ring")) &&
                   is_required(survey, test, "dirty-ring")
               ? "dirty-ring"
               : NULL;
}

static void planned_decide_lack(const struct mt_survey *survey, struct mt_planned *test,
                                struct mt_lack *lack)
{
    const char *word = required_word(survey, test, lack);

    if (word != NULL) {
        planned_decide(test, MT_PLANNED_FAIL, lack->reason,
                       mt_text("%s is required by the manifest, but %s", word, lack->message));
        free(lack->message);
        return;
    }
    planned_decide(test, MT_PLANNED_SKIP, lack->reason, lack->message);
}

void mt_plan_decide(const struct mt_survey *survey, const struct mt_selection *selection,
                    struct mt_planned *test)
{
    const json_t *needs = json_object_get(test->description, "needs");
    MT_AUTO_FREE char *fault = mt_survey_fault(survey);
    struct mt_lack lack;

    test->needs_kvm = mt_needs_kvm(needs);
    if (json_is_true(json_object_get(test->description, "slow")) && !selection->slow) {
        planned_decide(test, MT_PLANNED_SKIP, "slow", mt_text("it is slow; --slow runs it"));
        return;
    }
    if (fault != NULL) {
        planned_decide(test, MT_PLANNED_ERROR, "qemu", mt_take_pointer(fault));
        return;
    }
    struct mt_found found = mt_survey_found(survey);
    if (mt_needs_check(&found, needs, &lack) != 0) {
        planned_decide_lack(survey, test, &lack);
    } else if (!test->needs_kvm && survey->accel == NULL) {
        planned_decide(test, MT_PLANNED_ERROR, "accelerator", mt_text_copy(survey->accel_fault));
    } else {
        planned_decide(test, MT_PLANNED_RUN, NULL, NULL);
    }
}

static struct mt_planned *plan_grow(struct mt_planned **tests, size_t *count)
{
    *tests = mt_realloc(*tests, *count + 1, sizeof(**tests));
    return &(*tests)[(*count)++];
}

/* Keeps tests of other shards, too: perhaps only those can run at all. */
static struct mt_planned *plan_add(const struct mt_selection *selection, struct mt_plan_list *plan,
                                   const struct mt_planned *test)
{
    bool here = mt_selection_is_here(selection, &test->id);
    struct mt_planned *added = here ? plan_grow(&plan->tests, &plan->count)
                                    : plan_grow(&plan->elsewhere, &plan->elsewhere_count);

    *added = *test;
    if (here) {
        added->quarantine = mt_quarantine_find(&plan->quarantines, &test->id);
    } else {
        plan->not_selected++;
    }
    return added;
}

static void plan_group(const struct mt_survey *survey, const struct mt_selection *selection,
                       const struct mt_surveyed_plugin *plugin, const json_t *group,
                       struct mt_plan_list *plan)
{
    size_t index;
    json_t *description;

    json_array_foreach (json_object_get(group, "tests"), index, description) {
        const struct mt_planned test = {.plugin = plugin,
                                        .id = {.plugin = plugin->entry->name,
                                               .group = mt_json_text(group, "name"),
                                               .test = mt_json_text(description, "name")},
                                        .description = description};
        bool matches = mt_selection_has(selection, &test.id, json_object_get(description, "tags"));
        plan->matched += matches;
        if (matches && mt_selection_runs_again(selection, &test.id)) {
            mt_plan_decide(survey, selection, plan_add(selection, plan, &test));
        } else {
            plan->not_selected++;
        }
    }
}

/* Each shard reports the fault, as each shard loses its part of the plugin's tests. */
static void plan_fault(const struct mt_selection *selection,
                       const struct mt_surveyed_plugin *plugin, struct mt_plan_list *plan)
{
    if (!mt_selection_has_plugin(selection, plugin->entry->name)) {
        return;
    }
    struct mt_planned *test = plan_grow(&plan->tests, &plan->count);
    const char *name = plugin->entry->name;
    *test = (struct mt_planned){.plugin = plugin, .id = {name, name, MT_LOAD_CASE}};
    planned_decide(test, MT_PLANNED_ERROR, MT_LOAD_CASE, mt_text_copy(plugin->fault));
    plan->matched++;
}

void mt_plan_make(const struct mt_survey *survey, const struct mt_selection *selection,
                  struct mt_plan_list *ret_plan)
{
    struct mt_plan_list plan = {0};

    mt_quarantines_read(survey->manifest->quarantine, (int64_t)time(NULL), &plan.quarantines);
    for (size_t i = 0; i < survey->plugin_count; i++) {
        const struct mt_surveyed_plugin *plugin = &survey->plugins[i];
        size_t index;
        json_t *group;
        if (plugin->fault != NULL) {
            plan_fault(selection, plugin, &plan);
            continue;
        }
        json_array_foreach (plugin->groups, index, group) {
            plan_group(survey, selection, plugin, group, &plan);
        }
    }
    *ret_plan = plan;
}

static void clear_tests(struct mt_planned *tests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(tests[i].message);
    }
    free(tests);
}

void mt_plan_clear(struct mt_plan_list *plan)
{
    clear_tests(plan->tests, plan->count);
    clear_tests(plan->elsewhere, plan->elsewhere_count);
    mt_quarantines_clear(&plan->quarantines);
    *plan = (struct mt_plan_list){0};
}

bool mt_planned_lacks_qemu(const struct mt_planned *test)
{
    return test->state == MT_PLANNED_ERROR &&
           (strcmp(test->reason, "qemu") == 0 || strcmp(test->reason, "accelerator") == 0);
}

char *mt_plan_fault(const struct mt_survey *survey, const struct mt_plan_list *plan)
{
    bool lacks = false;

    for (size_t i = 0; i < plan->count; i++) {
        lacks = lacks || mt_planned_lacks_qemu(&plan->tests[i]);
    }
    if (!lacks || mt_plan_runnable(plan) > 0) {
        return NULL;
    }
    char *fault = mt_survey_fault(survey);
    return fault != NULL ? fault : mt_text_copy(survey->accel_fault);
}

size_t mt_plan_runnable(const struct mt_plan_list *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++) {
        count += plan->tests[i].state == MT_PLANNED_RUN;
    }
    return count;
}

bool mt_plan_can_run_elsewhere(const struct mt_survey *survey, const struct mt_selection *selection,
                               struct mt_plan_list *plan)
{
    for (size_t i = 0; i < plan->elsewhere_count; i++) {
        mt_plan_decide(survey, selection, &plan->elsewhere[i]);
        if (plan->elsewhere[i].state != MT_PLANNED_SKIP) {
            return true;
        }
    }
    return false;
}

/* Adds to the two flags whether there are tests that may run without KVM, and with it. */
static void look_for_runnable(const struct mt_planned *tests, size_t count, bool *without_kvm,
                              bool *with_kvm)
{
    for (size_t i = 0; i < count; i++) {
        bool runs = tests[i].state != MT_PLANNED_SKIP;
        *without_kvm = *without_kvm || (runs && !tests[i].needs_kvm);
        *with_kvm = *with_kvm || (runs && tests[i].needs_kvm);
    }
}

bool mt_plan_needs_kvm(const struct mt_plan_list *plan)
{
    bool without_kvm = false;
    bool with_kvm = false;

    look_for_runnable(plan->tests, plan->count, &without_kvm, &with_kvm);
    return with_kvm;
}

bool mt_plan_depends_on_kvm(const struct mt_survey *survey, const struct mt_plan_list *plan)
{
    bool without_kvm = false;
    bool with_kvm = false;

    look_for_runnable(plan->tests, plan->count, &without_kvm, &with_kvm);
    look_for_runnable(plan->elsewhere, plan->elsewhere_count, &without_kvm, &with_kvm);
    return !without_kvm && with_kvm && survey->trials[MT_KVM].state == MT_ACCELERATOR_UNKNOWN;
}
