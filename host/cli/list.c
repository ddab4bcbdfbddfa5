/* SPDX-License-Identifier: Apache-2.0 */
/* migtest list */
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/plan_list.h"
#include "cli/session.h"

static const char usage[] =
    "usage: migtest list [options] [MANIFEST]\n"
    "\n"
    "Every test of the manifest's plugins, whether it would run here, and if not, why.\n"
    "\n"
    "  -t, --test GLOB       only tests whose PLUGIN:NAME or NAME matches; repeatable\n"
    "      --skip GLOB       not those; repeatable\n"
    "      --slow            as if slow tests were to run\n"
    "      --source QEMU, --destination QEMU, --host NAME, --plugin-path DIR   as for run\n";

static const char *const allowed[] = {"destination", "host",   "plugin-path", "skip",
                                      "slow",        "source", "test",        NULL};

static void print_test(const struct mt_planned *test)
{
    static const char *const words[] = {[MT_PLANNED_RUN] = "run",
                                        [MT_PLANNED_SKIP] = "skip",
                                        [MT_PLANNED_FAIL] = "fail",
                                        [MT_PLANNED_ERROR] = "error"};
    MT_AUTO_FREE char *name = mt_clean_line(test->test);

    printf("%-6s %s:%s", words[test->state], test->plugin->entry->name, name);
    if (test->message != NULL) {
        MT_AUTO_FREE char *message = mt_clean_line(test->message);
        printf("  [%s: %s]", test->reason, message);
    }
    printf("\n");
}

void mt_plan_list_print(const struct mt_survey *survey, const struct mt_selection *selection,
                        struct mt_plan_list *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->tests[i].description != NULL) {
            mt_plan_decide(survey, selection, &plan->tests[i]);
        }
        print_test(&plan->tests[i]);
    }
    printf("\n%zu tests, %zu would run here", plan->count, mt_plan_runnable(plan));
    if (plan->not_selected > 0) {
        printf(", %zu more are not selected", plan->not_selected);
    }
    printf("\n");
}

static void print_disabled(const struct mt_manifest *manifest)
{
    for (size_t i = 0; i < manifest->plugin_count; i++) {
        const struct mt_manifest_plugin *plugin = &manifest->plugins[i];
        if (!plugin->enabled) {
            printf("disabled plugin %s  [%s]\n", plugin->name,
                   plugin->reason[0] != '\0' ? plugin->reason : "by the manifest");
        }
    }
}

static void warn(void *data, const char *text)
{
    (void)data;
    mt_diagnose("%s", text);
}

static int list(struct mt_session *session, const struct mt_cli_options *options)
{
    struct mt_selection selection = {
        .tests = options->tests, .skips = options->skips, .slow = session->manifest->slow};
    struct mt_plan_list plan;

    mt_survey_plugins(&session->survey);
    mt_survey_wait(&session->survey);
    int status = mt_session_check_options(session);
    if (status >= 0) {
        return status;
    }
    mt_session_warn_shadowed(session, warn, NULL);
    mt_survey_qemus(&session->survey);
    mt_survey_wait_all(&session->survey);
    mt_plan_make(&session->survey, &selection, &plan);
    print_disabled(session->manifest);
    mt_plan_list_print(&session->survey, &selection, &plan);
    mt_plan_clear(&plan);
    return MT_EXIT_PASSED;
}

int mt_command_list(int argc, char **argv)
{
    static const struct mt_command command = {
        .name = "list", .usage = usage, .allowed = allowed, .run = list};

    return mt_command_execute(argc, argv, &command);
}
