/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a run on the terminal: the failures again, and the summary. */
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "report/attachments.h"
#include "report/lines.h"

static bool is_problem(const struct mt_case *test)
{
    enum mt_outcome outcome = mt_case_outcome(test);

    return !test->in_other_journal && outcome != MT_OUTCOME_PASSED && outcome != MT_OUTCOME_SKIPPED;
}

static void print_place(const struct mt_terminal *terminal, const struct mt_event *finished)
{
    if (finished->file != NULL && finished->file[0] != '\0') {
        MT_AUTO_FREE char *place = mt_text("at %s:%lld", finished->file, (long long)finished->line);
        mt_print_indented(terminal, place);
    }
}

static void print_last_events(const struct mt_terminal *terminal, const struct mt_case *test)
{
    if (test->last_events.count > 0) {
        mt_print_indented(terminal, "last events:");
    }
    for (size_t i = 0; i < test->last_events.count; i++) {
        MT_AUTO_FREE char *line = mt_text("  %s", test->last_events.items[i]);
        mt_print_indented(terminal, line);
    }
}

static void print_path(const struct mt_terminal *terminal, const struct mt_results *results,
                       const char *what, const char *relative)
{
    if (relative != NULL) {
        MT_AUTO_FREE char *shown = mt_attachment_shown(results, relative);
        MT_AUTO_FREE char *line = mt_text("%s: %s", what, shown);
        mt_print_indented(terminal, line);
    }
}

/* For a flaky test, readers want to see the last failed attempt. */
static const struct mt_event *attempt_to_show(const struct mt_case *test)
{
    bool flaky = mt_case_outcome(test) == MT_OUTCOME_FLAKY;

    for (size_t i = test->attempt_count; i-- > 0 && flaky;) {
        if (mt_event_is_bad(&test->attempts[i])) {
            return &test->attempts[i];
        }
    }
    return mt_case_traces(test);
}

static void print_problem(const struct mt_terminal *terminal, const struct mt_results *results,
                          const struct mt_case *test)
{
    const struct mt_event *shown = attempt_to_show(test);

    mt_print_outcome(terminal, mt_case_outcome(test), mt_case_seconds(test), &test->id);
    print_place(terminal, shown);
    mt_print_indented(terminal, mt_case_message(test));
    print_last_events(terminal, test);
    print_path(terminal, results, "bundle", shown->bundle);
    print_path(terminal, results, "log", shown->log);
    if (test->started.reproduce != NULL) {
        MT_AUTO_FREE char *again = mt_text("again: %s", test->started.reproduce);
        mt_print_indented(terminal, again);
    }
}

static void print_problems(const struct mt_terminal *terminal, const struct mt_results_list *list)
{
    bool any = false;

    for (size_t i = 0; i < list->count; i++) {
        const struct mt_results *results = &list->items[i];
        for (size_t j = 0; j < results->case_count; j++) {
            if (is_problem(&results->cases[j])) {
                fputs(any ? "" : "\n", terminal->out);
                print_problem(terminal, results, &results->cases[j]);
                any = true;
            }
        }
    }
}

static void print_count(const struct mt_terminal *terminal, size_t count, const char *word)
{
    if (count > 0) {
        fprintf(terminal->out, ", %zu %s", count, word);
    }
}

static void print_counts(const struct mt_terminal *terminal, const struct mt_counts *counts)
{
    fprintf(terminal->out, "%zu test%s: %zu passed", counts->tests, mt_plural(counts->tests),
            counts->passed);
    print_count(terminal, counts->failed, "failed");
    print_count(terminal, counts->errors, "erred");
    print_count(terminal, counts->flaky, "of them flaky");
    print_count(terminal, counts->quarantined, "quarantined");
    print_count(terminal, counts->skipped, "skipped");
}

static bool is_good(const struct mt_results_list *list, const struct mt_counts *counts)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].finished.status != 0) {
            return false;
        }
    }
    return counts->failed + counts->errors == 0;
}

void mt_terminal_summary(struct mt_terminal *terminal, const struct mt_results_list *list)
{
    struct mt_counts counts = mt_results_list_count(list);

    mt_live_end(&terminal->live, terminal->out);
    print_problems(terminal, list);
    fprintf(terminal->out, "\n");
    mt_print_word(terminal, "Summary", is_good(list, &counts) ? "\x1b[32m" : "\x1b[31m");
    fprintf(terminal->out, "[%8.3fs] ", mt_results_list_seconds(list));
    print_counts(terminal, &counts);
    print_count(terminal, (size_t)mt_results_list_not_selected(list), "not selected");
    fprintf(terminal->out, "\n");
    for (size_t i = 0; i < list->count; i++) {
        const char *judgement = mt_results_judgement(&list->items[i]);
        if (judgement != NULL) {
            mt_print_indented(terminal, judgement);
        }
    }
    fflush(terminal->out);
}
