/* SPDX-License-Identifier: Apache-2.0 */
#include "report/terminal.h"

#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"

static const struct style {
    const char *outcome;
    const char *word;
    const char *color;
} styles[] = {
    {"passed", "PASS", "\x1b[32m"},
    {"flaky", "FLAKY", "\x1b[33m"},
    {"quarantined", "QUARANTINED", "\x1b[33m"},
    {"retried", "TRY AGAIN", "\x1b[33m"},
    {"slow", "SLOW", "\x1b[33m"},
    {"failed", "FAIL", "\x1b[31m"},
    {"error", "ERROR", "\x1b[31m"},
    {"skipped", "SKIP", "\x1b[33m"},
};

static const struct style *style_of(const char *outcome)
{
    for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
        if (outcome != NULL && strcmp(styles[i].outcome, outcome) == 0) {
            return &styles[i];
        }
    }
    return style_of("error");
}

static void print_word(const struct mt_terminal *terminal, const char *word, const char *color)
{
    fprintf(terminal->out, "%s%12s%s ", terminal->color ? color : "", word,
            terminal->color ? "\x1b[0m" : "");
}

static void print_test(const struct mt_terminal *terminal, const char *outcome, double seconds,
                       const char *plugin, const char *test)
{
    const struct style *style = style_of(outcome);
    MT_AUTO_FREE char *clean = mt_clean_line(test);

    print_word(terminal, style->word, style->color);
    if (seconds > 0) {
        fprintf(terminal->out, "[%8.3fs] %s:%s\n", seconds, plugin, clean);
    } else {
        fprintf(terminal->out, "[         ] %s:%s\n", plugin, clean);
    }
}

static void print_indented(const struct mt_terminal *terminal, const char *text)
{
    MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));
    char *rest = NULL;

    for (char *line = strtok_r(clean, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        fprintf(terminal->out, "                         %s\n", line);
    }
}

static void print_skip(const struct mt_terminal *terminal, const struct mt_event *event)
{
    print_test(terminal, "skipped", 0, event->plugin, event->test);
    print_indented(terminal, event->message != NULL ? event->message : "");
}

/* The word that people are shown, where it says more than the outcome. */
static const char *shown_outcome(const struct mt_event *event)
{
    bool bad = strcmp(event->outcome, "passed") != 0 && strcmp(event->outcome, "skipped") != 0;

    if (bad && event->final == 0) {
        return "retried";
    }
    if (bad && event->quarantine != NULL) {
        return "quarantined";
    }
    bool flaky = !bad && event->reason != NULL && strcmp(event->reason, "flaky") == 0;
    return flaky ? "flaky" : event->outcome;
}

static void print_calibrated(const struct mt_terminal *terminal, const struct mt_event *event)
{
    print_word(terminal, "LIMITS", "");
    fprintf(terminal->out, "[ x %6s] of the reference machine's time: %s\n", event->value,
            event->message);
}

static void print_slow(const struct mt_terminal *terminal, const struct mt_event *event)
{
    print_test(terminal, "slow", (double)event->ms / 1000, event->plugin, event->test);
    if (event->message != NULL) {
        print_indented(terminal, event->message);
    }
}

void mt_terminal_event(const struct mt_terminal *terminal, const struct mt_event *event)
{
    switch (event->kind) {
    case MT_EVENT_RUN_STARTED:
        if (event->seed != 0) {
            print_word(terminal, "SHUFFLED", "");
            fprintf(terminal->out, "[         ] by seed %lld\n", (long long)event->seed);
        }
        break;
    case MT_EVENT_CALIBRATED:
        print_calibrated(terminal, event);
        break;
    case MT_EVENT_SLOW:
        print_slow(terminal, event);
        break;
    case MT_EVENT_PLUGIN_DISABLED:
        print_word(terminal, "DISABLED", "\x1b[33m");
        fprintf(terminal->out, "plugin %s: %s\n", event->plugin, event->message);
        break;
    case MT_EVENT_SKIPPED:
        print_skip(terminal, event);
        break;
    case MT_EVENT_FINISHED:
        print_test(terminal, shown_outcome(event), event->seconds, event->plugin, event->test);
        if (strcmp(event->outcome, "skipped") == 0) {
            print_indented(terminal, event->message != NULL ? event->message : "");
        }
        break;
    case MT_EVENT_NOTE:
        if (terminal->verbose) {
            MT_AUTO_FREE char *line = mt_text("%s: %s: %s", event->test, event->key, event->value);
            print_indented(terminal, line);
        }
        break;
    case MT_EVENT_WAITING:
        if (terminal->verbose) {
            MT_AUTO_FREE char *line =
                mt_text("%s: waiting for %s (%s)", event->test, event->what, event->side);
            print_indented(terminal, line);
        }
        break;
    default:
        return;
    }
    fflush(terminal->out);
}

static bool is_problem(const struct mt_case *one)
{
    const char *outcome = mt_case_outcome(one);

    return mt_case_is_flaky(one) ||
           (strcmp(outcome, "passed") != 0 && strcmp(outcome, "skipped") != 0);
}

static const char *outcome_of(const struct mt_case *one)
{
    if (mt_case_is_quarantined(one)) {
        return "quarantined";
    }
    return mt_case_is_flaky(one) ? "flaky" : mt_case_outcome(one);
}

static void print_problem(const struct mt_terminal *terminal, const struct mt_case *one)
{
    const struct mt_event *finished = &one->finished;

    print_test(terminal, outcome_of(one), finished->seconds, one->plugin, one->test);
    if (finished->file != NULL && finished->file[0] != '\0') {
        MT_AUTO_FREE char *place = mt_text("at %s:%lld", finished->file, (long long)finished->line);
        print_indented(terminal, place);
    }
    print_indented(terminal, mt_case_message(one));
    if (finished->log != NULL) {
        MT_AUTO_FREE char *log = mt_text("log: %s", finished->log);
        print_indented(terminal, log);
    }
    if (one->started.reproduce != NULL) {
        MT_AUTO_FREE char *again = mt_text("again: %s", one->started.reproduce);
        print_indented(terminal, again);
    }
}

static void print_problems(const struct mt_terminal *terminal, const struct mt_results *results)
{
    bool any = false;

    for (size_t i = 0; i < results->case_count; i++) {
        if (is_problem(&results->cases[i])) {
            fprintf(terminal->out, "%s", any ? "" : "\n");
            print_problem(terminal, &results->cases[i]);
            any = true;
        }
    }
}

static void print_count(const struct mt_terminal *terminal, size_t count, const char *word)
{
    if (count > 0) {
        fprintf(terminal->out, ", %zu %s", count, word);
    }
}

void mt_terminal_summary(const struct mt_terminal *terminal, const struct mt_results *results)
{
    struct mt_counts counts = mt_results_count(results);
    bool good = counts.failed + counts.errors == 0 && results->finished.status == 0;

    print_problems(terminal, results);
    fprintf(terminal->out, "\n");
    print_word(terminal, "Summary", good ? "\x1b[32m" : "\x1b[31m");
    fprintf(terminal->out, "[%8.3fs] %zu tests: %zu passed", results->finished.seconds,
            counts.tests, counts.passed);
    print_count(terminal, counts.failed, "failed");
    print_count(terminal, counts.errors, "erred");
    print_count(terminal, counts.flaky, "of them flaky");
    print_count(terminal, counts.quarantined, "quarantined");
    print_count(terminal, counts.skipped, "skipped");
    print_count(terminal, (size_t)results->not_selected, "not selected");
    fprintf(terminal->out, "\n");
    if (results->finished.message != NULL) {
        print_indented(terminal, results->finished.message);
    }
    fflush(terminal->out);
}
