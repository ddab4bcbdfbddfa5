/* SPDX-License-Identifier: Apache-2.0 */
/* migtest report */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "cli/run_reports.h"
#include "cli/terminal_options.h"
#include "journal/reader.h"
#include "report/merge.h"
#include "report/shards.h"

static const char usage[] =
    "usage: migtest report [options] JOURNAL...\n"
    "\n"
    "Shows the results of journals again, and makes reports from them. Several journals, of "
    "shards\n"
    "or of nightlies, become one report. A journal is a results folder or the journal.jsonl in "
    "it,\n"
    "also of a run that was killed.\n"
    "\n"
    "      --junit FILE      write the results as JUnit XML\n"
    "      --tap FILE        write them as TAP 14\n"
    "      --github          print what went wrong as GitHub's annotations\n"
    "      --color WHEN      auto, always or never\n"
    "  -q, --quiet           say what went wrong and the sum alone\n"
    "  -v, --verbose         say what each test waited for and noted\n"
    "\n"
    "exit status: 0 all passed, 1 not all is well, 2 a journal cannot be read, 3 a report cannot "
    "be\n"
    "written\n"
    "\n"
    "examples:\n"
    "  migtest report migtest-results --junit migtest.xml\n"
    "  migtest report shard-*/migtest-results --junit all.xml\n";

static const char *const allowed[] = {MT_JOURNALS, "color", "github",  "junit",
                                      "quiet",     "tap",   "verbose", NULL};

struct reading {
    struct mt_results *results;
    struct mt_terminal *terminal;
    const char *path;
};

static void report_take_event(void *data, const struct mt_event *event)
{
    struct reading *reading = data;

    mt_results_add(reading->results, event);
    mt_terminal_event(reading->terminal, event);
}

static void take_unreadable(void *data, long line, const char *why)
{
    struct reading *reading = data;

    mt_diagnose("%s:%ld: skipped a line that is no event: %s", reading->path, line, why);
}

static char *folder_of(const char *journal)
{
    char *path = realpath(journal, NULL);
    char *slash = path != NULL ? strrchr(path, '/') : NULL;

    if (slash != NULL) {
        *slash = '\0';
    }
    return path;
}

static int read_journal(const char *argument, struct mt_results *results,
                        struct mt_terminal *terminal)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *path = mt_journal_of(argument);
    struct reading reading = {results, terminal, path};
    const struct mt_journal_listener listener = {
        .data = &reading, .event = report_take_event, .unreadable = take_unreadable};

    results->folder = folder_of(path);
    if (mt_journal_read(path, &listener, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return -1;
    }
    if (results->run.format == 0) {
        mt_diagnose("%s has no beginning of a run; expected a journal of migtest's", path);
        return -1;
    }
    mt_results_end(results);
    return 0;
}

/* Warns of what no result of a test shows: a run that did not end or failed by itself, a missing
 * shard. */
static bool judge_runs(const struct mt_results_list *list)
{
    MT_AUTO_FREE char *missing = mt_shards_missing(list);
    bool good = missing == NULL;

    if (missing != NULL) {
        mt_diagnose("%s", missing);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct mt_results *results = &list->items[i];
        bool completed = mt_results_are_completed(results) && mt_results_judgement(results) == NULL;
        if (mt_results_ended_early(results)) {
            mt_diagnose("the run in %s %s%s%s", results->folder,
                        results->over ? "was ended by SIG" : "did not end",
                        results->over ? results->finished.signal : "",
                        completed ? "; what it lacks, others have" : "");
        }
        good =
            good && (mt_results_ended_early(results) ? completed : results->finished.status == 0);
    }
    return good;
}

static int tell(const struct mt_cli_options *options, struct mt_results_list *list)
{
    struct mt_terminal terminal = mt_terminal_of(options);

    for (const char *const *journal = options->journals; *journal != NULL; journal++) {
        list->items = mt_realloc(list->items, list->count + 1, sizeof(*list->items));
        list->items[list->count] = (struct mt_results){0};
        if (read_journal(*journal, &list->items[list->count++], &terminal) < 0) {
            mt_live_end(&terminal.live, terminal.out);
            return MT_EXIT_USAGE;
        }
    }
    mt_results_list_merge(list);
    mt_terminal_summary(&terminal, list);
    bool good = judge_runs(list);
    struct mt_counts counts = mt_results_list_count(list);
    int status = mt_reports_write(list, options);
    if (status != MT_EXIT_PASSED) {
        return status;
    }
    return good && counts.failed + counts.errors == 0 ? MT_EXIT_PASSED : MT_EXIT_FAILED;
}

int mt_command_report(int argc, char **argv)
{
    struct mt_cli_options options;
    struct mt_results_list list = {0};
    int status = mt_cli_options_parse(argc, argv, "report", usage, allowed, &options);

    if (status >= 0) {
        return status;
    }
    /* The reader of the output may close it before the reports are written. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (options.journals[0] == NULL) {
        mt_diagnose("report: expected a journal; see migtest report --help");
        status = MT_EXIT_USAGE;
    }
    if (status < 0) {
        status = mt_reports_check(&options);
    }
    if (status < 0) {
        status = tell(&options, &list);
    }
    for (size_t i = 0; i < list.count; i++) {
        mt_results_clear(&list.items[i]);
    }
    free(list.items);
    mt_cli_options_clear(&options);
    return status;
}
