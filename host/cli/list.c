/* SPDX-License-Identifier: Apache-2.0 */
/* migtest list */
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/plan_list.h"
#include "cli/selecting.h"
#include "cli/session.h"
#include "survey/needs.h"

static const char usage[] =
    "usage: migtest list [options] [MANIFEST]\n"
    "\n"
    "Lists every test of the manifest's plugins: whether it would run here, and if not, why.\n"
    "\n"
    "      --json            print JSON, with everything that a test says about itself\n"
    "      --slow            list slow tests as if they were to run\n"
    "      --test, --skip, --tag, --skip-tag, --failed, --shard, --results   as for run\n"
    "      --source, --destination, --host, --plugin-path, --allow-insecure-plugins   as for run\n";

static const char *const allowed[] = {"allow-insecure-plugins",
                                      "destination",
                                      "failed",
                                      "host",
                                      "json",
                                      "plugin-path",
                                      "results",
                                      "shard",
                                      "skip",
                                      "slow",
                                      "skip-tag",
                                      "source",
                                      "tag",
                                      "test",
                                      NULL};

static const char *const words[] = {[MT_PLANNED_RUN] = "run",
                                    [MT_PLANNED_SKIP] = "skip",
                                    [MT_PLANNED_FAIL] = "fail",
                                    [MT_PLANNED_ERROR] = "error"};

static void list_print_test(const struct mt_planned *test)
{
    MT_AUTO_FREE char *name = mt_test_name(&test->id);
    MT_AUTO_FREE char *clean = mt_clean_line(name);

    printf("%-6s %s", words[test->state], clean);
    if (mt_planned_lacks_qemu(test)) {
        printf("  [%s]", test->reason);
    } else if (test->message != NULL) {
        MT_AUTO_FREE char *message = mt_clean_line(test->message);
        printf("  [%s: %s]", test->reason, message);
    }
    printf("\n");
}

static void decide_tests(const struct mt_survey *survey, const struct mt_selection *selection,
                         struct mt_plan_list *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->tests[i].description != NULL) {
            mt_plan_decide(survey, selection, &plan->tests[i]);
        }
    }
}

void mt_plan_list_print(const struct mt_survey *survey, const struct mt_selection *selection,
                        struct mt_plan_list *plan)
{
    decide_tests(survey, selection, plan);
    for (size_t i = 0; i < plan->count; i++) {
        list_print_test(&plan->tests[i]);
    }
    printf("\n%zu test%s, %zu would run here", plan->count, mt_plural(plan->count),
           mt_plan_runnable(plan));
    if (plan->not_selected > 0) {
        printf(", %zu more are not selected", plan->not_selected);
    }
    printf("\n");
}

/* Counts slow tests, too, although they are skipped because they are slow. */
static void point_to_box(const struct mt_survey *survey, const struct mt_plan_list *plan)
{
    const struct mt_accelerator_trial *kvm = &survey->trials[MT_KVM];
    size_t lacking = 0;

    if (!kvm->tried || (kvm->state == MT_ACCELERATOR_WORKS && kvm->dirty_ring)) {
        return;
    }
    for (size_t i = 0; i < plan->count; i++) {
        const json_t *needs = json_object_get(plan->tests[i].description, "needs");
        lacking += plan->tests[i].description != NULL && mt_needs_kvm(needs);
    }
    if (lacking > 0) {
        printf("%zu that need KVM or its dirty ring can run in the box: migtest box run --slow\n",
               lacking);
    }
}

static void print_disabled_plugins(const struct mt_manifest *manifest)
{
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct mt_manifest_plugin *plugin = &manifest->plugins[i];
        if (!plugin->enabled) {
            printf("disabled plugin %s  [%s]\n", plugin->name,
                   plugin->reason[0] != '\0' ? plugin->reason : "by the manifest");
        }
    }
}

/* What the test says about itself, and whether it would run here. */
static json_t *json_of_test(const struct mt_planned *test)
{
    json_t *object = test->description != NULL ? json_deep_copy(test->description) : json_object();

    json_object_update_new(object, json_pack("{s:s, s:s, s:s, s:s}", "plugin", test->id.plugin,
                                             "group", test->id.group, "name", test->id.test,
                                             "state", words[test->state]));
    if (test->message != NULL) {
        json_object_set_new(object, "reason", json_string(test->reason));
        json_object_set_new(object, "message", json_string(test->message));
    }
    if (test->quarantine != NULL) {
        json_object_set_new(object, "quarantine", json_string(test->quarantine->reason));
    }
    return object;
}

static json_t *json_of_disabled(const struct mt_manifest *manifest)
{
    json_t *list = json_array();

    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct mt_manifest_plugin *plugin = &manifest->plugins[i];
        if (!plugin->enabled) {
            json_array_append_new(
                list, json_pack("{s:s, s:s}", "plugin", plugin->name, "reason", plugin->reason));
        }
    }
    return list;
}

static void print_tests_json(const struct mt_session *session, const struct mt_plan_list *plan)
{
    json_t *tests = json_array();

    for (size_t i = 0; i < plan->count; i++) {
        json_array_append_new(tests, json_of_test(&plan->tests[i]));
    }
    json_t *whole = json_pack("{s:i, s:o, s:o, s:I}", "format", 1, "tests", tests, "disabled",
                              json_of_disabled(session->manifest), "not_selected",
                              (json_int_t)plan->not_selected);
    json_dumpf(whole, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(whole);
}

static void list_warn(void *data, const char *text)
{
    (void)data;
    mt_diagnose("%s", text);
}

/* Returns the exit status. */
static int print_plan(const struct mt_session *session, const struct mt_cli_options *options,
                      const struct mt_selection *selection)
{
    struct mt_plan_list plan;

    mt_plan_make(&session->survey, selection, &plan);
    MT_AUTO_FREE char *fault = mt_plan_fault(&session->survey, &plan);
    if (fault != NULL) {
        mt_diagnose("%s", fault);
    }
    if (options->json) {
        decide_tests(&session->survey, selection, &plan);
        print_tests_json(session, &plan);
    } else {
        print_disabled_plugins(session->manifest);
        mt_plan_list_print(&session->survey, selection, &plan);
        point_to_box(&session->survey, &plan);
    }
    mt_plan_clear(&plan);
    return fault != NULL ? MT_EXIT_FAILED : MT_EXIT_PASSED;
}

static int list_tests(struct mt_session *session, const struct mt_cli_options *options)
{
    struct mt_selection selection;
    struct mt_history failed = {0};
    int status = mt_select(session, options, &failed, &selection);

    if (status < 0) {
        mt_survey_plugins(&session->survey);
        mt_survey_wait(&session->survey);
        status = mt_session_check_options(session);
    }
    if (status < 0) {
        mt_session_warn_shadowed(session, list_warn, NULL);
        mt_survey_qemus(&session->survey);
        mt_survey_wait_all(&session->survey);
        status = print_plan(session, options, &selection);
    }
    mt_history_clear(&failed);
    return status;
}

int mt_command_list(int argc, char **argv)
{
    static const struct mt_command command = {
        .name = "list", .usage = usage, .allowed = allowed, .run = list_tests};

    return mt_command_execute(argc, argv, &command);
}
