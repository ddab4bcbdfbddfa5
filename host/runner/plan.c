/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/plan.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const char load_case[] = "load";

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

static bool matches(const struct mt_strings *globs, const char *plugin, const char *test)
{
    MT_AUTO_FREE char *whole = mt_text("%s:%s", plugin, test);

    for (size_t i = 0; i < globs->count; i++) {
        if (fnmatch(globs->items[i], whole, 0) == 0 || fnmatch(globs->items[i], test, 0) == 0) {
            return true;
        }
    }
    return false;
}

bool mt_selection_has(const struct mt_selection *selection, const char *plugin, const char *test)
{
    return (selection->tests.count == 0 || matches(&selection->tests, plugin, test)) &&
           !matches(&selection->skips, plugin, test);
}

/* Tests of a plugin that does not load cannot be matched by name, so any glob might mean them. */
static bool selects_load(const struct mt_selection *selection, const char *plugin)
{
    if (matches(&selection->skips, plugin, load_case)) {
        return false;
    }
    for (size_t i = 0; i < selection->tests.count; i++) {
        const char *glob = selection->tests.items[i];
        const char *colon = strchr(glob, ':');
        MT_AUTO_FREE char *prefix = mt_text("%.*s", colon != NULL ? (int)(colon - glob) : 0, glob);
        if (colon == NULL || fnmatch(prefix, plugin, 0) == 0) {
            return true;
        }
    }
    return selection->tests.count == 0;
}

static void decide(struct mt_planned *test, enum mt_planned_state state, const char *reason,
                   char *message)
{
    free(test->message);
    test->state = state;
    test->reason = reason;
    test->message = message;
}

static const char *fault_of_qemus(const struct mt_survey *survey)
{
    if (survey->source.fault != NULL) {
        return survey->source.fault;
    }
    if (survey->destination.fault != NULL) {
        return survey->destination.fault;
    }
    return survey->machine_fault;
}

static bool is_other_target(const struct mt_surveyed_qemu *qemu)
{
    return qemu->fault != NULL && qemu->abilities != NULL;
}

static bool is_required(const struct mt_survey *survey, const struct mt_planned *test,
                        const char *reason)
{
    return mt_strings_contain(&survey->manifest->require, reason) ||
           mt_strings_contain(&test->plugin->entry->require, reason);
}

static void decide_lack(const struct mt_survey *survey, struct mt_planned *test,
                        struct mt_lack *lack)
{
    if (is_required(survey, test, lack->reason)) {
        decide(test, MT_PLANNED_FAIL, lack->reason,
               mt_text("%s is required by the manifest, but %s", lack->reason, lack->message));
        free(lack->message);
        return;
    }
    decide(test, MT_PLANNED_SKIP, lack->reason, lack->message);
}

void mt_plan_decide(const struct mt_survey *survey, const struct mt_selection *selection,
                    struct mt_planned *test)
{
    const json_t *needs = json_object_get(test->description, "needs");
    const char *fault = fault_of_qemus(survey);
    struct mt_lack lack;

    test->wants_kvm = mt_needs_kvm(needs);
    if (json_is_true(json_object_get(test->description, "slow")) && !selection->slow) {
        decide(test, MT_PLANNED_SKIP, "slow", mt_text("it is slow; --slow runs it"));
        return;
    }
    if (fault != NULL) {
        bool other = is_other_target(&survey->source) || is_other_target(&survey->destination);
        decide(test, other ? MT_PLANNED_SKIP : MT_PLANNED_ERROR, other ? "target" : "qemu",
               mt_text_copy(fault));
        return;
    }
    struct mt_found found = mt_survey_found(survey);
    if (mt_needs_check(&found, needs, &lack) != 0) {
        decide_lack(survey, test, &lack);
    } else if (!test->wants_kvm && survey->accel == NULL) {
        decide(test, MT_PLANNED_ERROR, "accelerator", mt_text_copy(survey->accel_fault));
    } else {
        decide(test, MT_PLANNED_RUN, NULL, NULL);
    }
}

static struct mt_planned *add(struct mt_plan_list *plan, const struct mt_surveyed_plugin *plugin,
                              const char *group, const char *name)
{
    plan->tests = mt_realloc(plan->tests, plan->count + 1, sizeof(*plan->tests));
    struct mt_planned *test = &plan->tests[plan->count++];
    *test = (struct mt_planned){.plugin = plugin, .group = group, .test = name};
    return test;
}

static void plan_group(const struct mt_survey *survey, const struct mt_selection *selection,
                       const struct mt_surveyed_plugin *plugin, const json_t *group,
                       struct mt_plan_list *plan)
{
    size_t index;
    json_t *description;

    json_array_foreach (json_object_get(group, "tests"), index, description) {
        const char *name = member(description, "name");
        if (!mt_selection_has(selection, plugin->entry->name, name)) {
            plan->not_selected++;
            continue;
        }
        struct mt_planned *test = add(plan, plugin, member(group, "name"), name);
        test->description = description;
        mt_plan_decide(survey, selection, test);
    }
}

void mt_plan_make(const struct mt_survey *survey, const struct mt_selection *selection,
                  struct mt_plan_list *ret_plan)
{
    struct mt_plan_list plan = {0};

    for (size_t i = 0; i < survey->plugin_count; i++) {
        const struct mt_surveyed_plugin *plugin = &survey->plugins[i];
        size_t index;
        json_t *group;
        if (plugin->fault != NULL) {
            if (selects_load(selection, plugin->entry->name)) {
                struct mt_planned *test = add(&plan, plugin, plugin->entry->name, load_case);
                decide(test, MT_PLANNED_ERROR, load_case, mt_text_copy(plugin->fault));
            }
            continue;
        }
        json_array_foreach (plugin->groups, index, group) {
            plan_group(survey, selection, plugin, group, &plan);
        }
    }
    *ret_plan = plan;
}

void mt_plan_clear(struct mt_plan_list *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->tests[i].message);
    }
    free(plan->tests);
    *plan = (struct mt_plan_list){0};
}

size_t mt_plan_runnable(const struct mt_plan_list *plan)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++) {
        count += plan->tests[i].state == MT_PLANNED_RUN;
    }
    return count;
}
