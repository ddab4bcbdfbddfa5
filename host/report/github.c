/* SPDX-License-Identifier: Apache-2.0 */
#include "report/github.h"

#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"

static void put(FILE *out, const char *text, const char *escaped)
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
    put(out, text, "%\r\n:,");
}

static void put_message(FILE *out, const char *text)
{
    put(out, text, "%\r\n");
}

static void put_case(FILE *out, const char *command, const char *what, const struct mt_case *one)
{
    const struct mt_event *finished = &one->finished;
    MT_AUTO_FREE char *name = mt_test_name(&one->id);
    MT_AUTO_FREE char *title = mt_text("%s %s", name, what);
    MT_AUTO_FREE char *message =
        mt_text("%s%s%s", mt_case_message(one), one->started.reproduce != NULL ? "\nagain: " : "",
                one->started.reproduce != NULL ? one->started.reproduce : "");

    fprintf(out, "::%s title=", command);
    put_property(out, title);
    if (finished->file != NULL && finished->file[0] != '\0') {
        fputs(",file=", out);
        put_property(out, finished->file);
        fprintf(out, ",line=%lld", (long long)finished->line);
    }
    fputs("::", out);
    put_message(out, message);
    fputc('\n', out);
}

static void annotate(FILE *out, const struct mt_case *one)
{
    const char *outcome = mt_case_outcome(one);
    bool good = strcmp(outcome, "passed") == 0 || strcmp(outcome, "skipped") == 0;

    if (mt_case_is_quarantined(one)) {
        put_case(out, "warning", "is quarantined and went wrong", one);
    } else if (mt_case_is_flaky(one)) {
        put_case(out, "warning", "is flaky", one);
    } else if (!good) {
        put_case(out, "error", strcmp(outcome, "failed") == 0 ? "failed" : "erred", one);
    }
}

void mt_github_print(FILE *out, const struct mt_results_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct mt_results *results = &list->items[i];
        for (size_t j = 0; j < results->case_count; j++) {
            if (!results->cases[j].told_elsewhere) {
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
