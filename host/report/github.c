/* SPDX-License-Identifier: Apache-2.0 */
#include "report/github.h"

#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"

static void github_put(FILE *out, const char *text, const char *escaped)
{
    MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));

    for (const char *at = clean; *at != '\0'; at++) {
        if (strchr(escaped, *at) != NULL) {
            fprintf(out, "%%%02X", (unsigned)*at);
        } else {
            fputc(*at, out);
        }
    }
}

static void put_property(FILE *out, const char *text)
{
    github_put(out, text, "%\r\n:,");
}

static void put_message(FILE *out, const char *text)
{
    github_put(out, text, "%\r\n");
}

static void github_put_case(FILE *out, const char *command, const char *what,
                            const struct mt_case *test)
{
    const struct mt_event *ending = mt_case_ending(test);
    MT_AUTO_FREE char *name = mt_test_name(&test->id);
    MT_AUTO_FREE char *title = mt_text("%s %s", name, what);
    MT_AUTO_FREE char *message =
        mt_text("%s%s%s", mt_case_message(test), test->started.reproduce != NULL ? "\nagain: " : "",
                test->started.reproduce != NULL ? test->started.reproduce : "");

    fprintf(out, "::%s title=", command);
    put_property(out, title);
    if (ending->file != NULL && ending->file[0] != '\0') {
        fputs(",file=", out);
        put_property(out, ending->file);
        fprintf(out, ",line=%lld", (long long)ending->line);
    }
    fputs("::", out);
    put_message(out, message);
    fputc('\n', out);
}

static void annotate(FILE *out, const struct mt_case *test)
{
    switch (mt_case_outcome(test)) {
    case MT_OUTCOME_PASSED:
    case MT_OUTCOME_SKIPPED:
        break;
    case MT_OUTCOME_FLAKY:
        github_put_case(out, "warning", "is flaky", test);
        break;
    case MT_OUTCOME_FAILED:
        github_put_case(out, "error", "failed", test);
        break;
    case MT_OUTCOME_ERROR:
        github_put_case(out, "error", "erred", test);
        break;
    case MT_OUTCOME_QUARANTINED:
        github_put_case(out, "warning", "is quarantined and went wrong", test);
        break;
    }
}

void mt_github_print(FILE *out, const struct mt_results_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct mt_results *results = &list->items[i];
        for (size_t j = 0; j < results->case_count; j++) {
            if (!results->cases[j].in_other_journal) {
                annotate(out, &results->cases[j]);
            }
        }
        if (mt_results_judgement(results) != NULL) {
            fputs("::error title=migtest::", out);
            put_message(out, mt_results_judgement(results));
            fputc('\n', out);
        }
    }
    fflush(out);
}
