/* SPDX-License-Identifier: Apache-2.0 */
#include "report/tap.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/files.h"

/* Writes the text on one line and escapes characters that begin a directive or an escape. */
static void tap_put(FILE *out, const char *text)
{
    MT_AUTO_FREE char *clean = mt_clean_line(text);

    for (const char *at = clean; *at != '\0'; at++) {
        fprintf(out, *at == '#' || *at == '\\' ? "\\%c" : "%c", *at);
    }
}

/* A JSON string is a YAML string, too. */
static void put_member(FILE *out, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        MT_AUTO_FREE char *clean = mt_clean(value, strlen(value));
        json_t *string = json_string(clean);
        MT_AUTO_FREE char *quoted = json_dumps(string, JSON_ENCODE_ANY);
        json_decref(string);
        fprintf(out, "  %s: %s\n", name, quoted);
    }
}

static void put_diagnosis(FILE *out, const struct mt_case *test)
{
    const struct mt_event *ending = mt_case_ending(test);
    const struct mt_event *traces = mt_case_traces(test);
    MT_AUTO_FREE char *place = ending->file != NULL && ending->file[0] != '\0'
                                   ? mt_text("%s:%lld", ending->file, (long long)ending->line)
                                   : NULL;

    fputs("  ---\n", out);
    put_member(out, "message", mt_case_message(test));
    put_member(out, "severity", ending->outcome != NULL ? ending->outcome : "error");
    put_member(out, "reason", ending->reason);
    put_member(out, "at", place);
    fprintf(out, "  duration_ms: %.0f\n", mt_case_seconds(test) * 1000);
    put_member(out, "log", traces->log);
    put_member(out, "bundle", traces->bundle);
    put_member(out, "reproduce", test->started.reproduce);
    fputs("  ...\n", out);
}

static void put_directive(FILE *out, const char *directive, const char *reason, const char *message)
{
    fprintf(out, " # %s ", directive);
    tap_put(out, reason != NULL ? reason : "");
    if (message[0] != '\0') {
        fputs(reason != NULL ? ": " : "", out);
        tap_put(out, message);
    }
}

static void put_point(FILE *out, bool good, size_t number, const struct mt_results *results,
                      const struct mt_test_id *id)
{
    MT_AUTO_FREE char *test = mt_test_name(id);
    MT_AUTO_FREE char *name = mt_text("%s%s%s", results->run.name != NULL ? results->run.name : "",
                                      results->run.name != NULL ? "." : "", test);

    fprintf(out, "%s %zu - ", good ? "ok" : "not ok", number);
    tap_put(out, name);
}

static void tap_put_case(FILE *out, size_t number, const struct mt_results *results,
                         const struct mt_case *test)
{
    enum mt_outcome outcome = mt_case_outcome(test);
    bool skipped = outcome == MT_OUTCOME_SKIPPED;

    put_point(out, !mt_outcome_is_bad(outcome), number, results, &test->id);
    if (skipped) {
        put_directive(out, "SKIP", mt_case_ending(test)->reason, mt_case_message(test));
    } else if (outcome == MT_OUTCOME_QUARANTINED) {
        put_directive(out, "TODO", "quarantined", mt_case_ending(test)->quarantine);
    }
    fputc('\n', out);
    if (!skipped) {
        put_diagnosis(out, test);
    }
}

/* Without this point a reader would see a failed run without a failed test. */
static void put_judgement(FILE *out, size_t number, const struct mt_results *results)
{
    put_point(out, false, number, results,
              &(struct mt_test_id){.plugin = "run", .test = "judgement"});
    fputs("\n  ---\n", out);
    put_member(out, "message", mt_results_judgement(results));
    put_member(out, "severity", "failed");
    fputs("  ...\n", out);
}

char *mt_tap_text(const struct mt_results_list *list)
{
    char *text = NULL;
    size_t size = 0;
    size_t number = 0;
    FILE *out = open_memstream(&text, &size);

    fprintf(out, "TAP version 14\n1..%zu\n",
            mt_results_list_count(list).tests + mt_results_list_judged(list));
    for (size_t i = 0; i < list->count; i++) {
        const struct mt_results *results = &list->items[i];
        for (size_t j = 0; j < results->case_count; j++) {
            if (!results->cases[j].in_other_journal) {
                tap_put_case(out, ++number, results, &results->cases[j]);
            }
        }
        if (mt_results_judgement(results) != NULL) {
            put_judgement(out, ++number, results);
        }
    }
    fclose(out);
    return text;
}

int mt_tap_write(const struct mt_results_list *list, const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *text = mt_tap_text(list);

    return mt_file_write(path, text, strlen(text), error);
}
