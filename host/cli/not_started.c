/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/not_started.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cli/diagnostics.h"
#include "cli/opening.h"
#include "cli/run_reports.h"
#include "report/results.h"

static void add_event(struct mt_results *results, struct mt_event event)
{
    mt_event_stamp(&event);
    mt_results_add(results, &event);
}

static struct mt_event not_started_event(const struct mt_planned *test, enum mt_event_kind kind)
{
    return (struct mt_event){.kind = kind, .id = test->id};
}

/* A plugin that could not be loaded, and a test that would have been skipped, have their own
 * reason.
 */
static void add_test(struct mt_results *results, const struct mt_planned *test)
{
    bool is_load_case = test->description == NULL;
    struct mt_event planned = not_started_event(test, MT_EVENT_PLANNED);
    struct mt_event over =
        not_started_event(test, is_load_case ? MT_EVENT_FINISHED : MT_EVENT_SKIPPED);

    over.final = is_load_case;
    over.outcome = is_load_case ? "error" : "skipped";
    over.reason = test->reason;
    over.message = mt_planned_lacks_qemu(test) ? "the run could not start; see the case of the run"
                                               : test->message;
    add_event(results, planned);
    add_event(results, over);
}

static int write_reports(const struct mt_session *session, const struct mt_cli_options *options,
                         const struct mt_plan_list *plan, const char *judgement)
{
    struct mt_results results = {0};
    const struct mt_results_list list = {&results, 1};
    int status = mt_reports_check(options);

    if (status >= 0) {
        return status;
    }
    add_event(&results, mt_opening_event(session, options, 0));
    for (size_t i = 0; i < plan->count; i++) {
        add_test(&results, &plan->tests[i]);
    }
    add_event(&results, (struct mt_event){.kind = MT_EVENT_RUN_FINISHED,
                                          .status = MT_EXIT_USAGE,
                                          .message = judgement});
    status = mt_reports_write(&list, options);
    mt_results_clear(&results);
    return status;
}

/* Says what else is wrong, so that the user need not find out with the next run. */
static void say_lost_plugins(const struct mt_plan_list *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->tests[i].description == NULL) {
            mt_diagnose("plugin %s: %s", plan->tests[i].plugin->entry->name,
                        plan->tests[i].message);
        }
    }
}

int mt_say_not_started(const struct mt_session *session, const struct mt_cli_options *options,
                       const struct mt_plan_list *plan, const char *fault)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++) {
        count += mt_planned_lacks_qemu(&plan->tests[i]);
    }
    MT_AUTO_FREE char *sum = mt_text("%zu test%s %s not run for this", count, mt_plural(count),
                                     count == 1 ? "was" : "were");
    MT_AUTO_FREE char *judgement = mt_text("%s; %s", fault, sum);
    mt_diagnose("%s", fault);
    say_lost_plugins(plan);
    puts(sum);
    int status =
        options->dry_run ? MT_EXIT_PASSED : write_reports(session, options, plan, judgement);
    return status == MT_EXIT_PASSED ? MT_EXIT_USAGE : status;
}
