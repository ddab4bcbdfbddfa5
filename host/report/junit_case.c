/* SPDX-License-Identifier: Apache-2.0 */
#include "report/junit_case.h"

#include <string.h>

#include "base/cleanup.h"
#include "report/attachments.h"
#include "report/xml.h"

/* Jenkins takes the text before the last dot for the package, so a dot in a name would split the
 * name. */
static char *class_name(const struct mt_results *results, const char *plugin)
{
    char *name =
        mt_text("%s.%s", results->run.name != NULL ? results->run.name : "migtest", plugin);
    size_t prefix = strlen(name) - strlen(plugin) - 1;

    for (size_t i = 0; i < prefix; i++) {
        name[i] = name[i] == '.' ? '_' : name[i];
    }
    return name;
}

static const char * or (const char *text, const char *otherwise)
{
    return text != NULL && text[0] != '\0' ? text : otherwise;
}

static char *placed(const struct mt_event *finished, const char *message)
{
    return finished->file != NULL && finished->file[0] != '\0'
               ? mt_text("%s:%lld: %s", finished->file, (long long)finished->line, message)
               : mt_text_copy(message);
}

static void begin_problem(xmlTextWriter *writer, const char *element, const char *message,
                          const struct mt_event *finished)
{
    xmlTextWriterStartElement(writer, BAD_CAST element);
    mt_xml_attribute(writer, "message", message);
    mt_xml_attribute(writer, "type", or (finished->reason, element));
}

static void write_problem(xmlTextWriter *writer, const char *element, const struct mt_case *test)
{
    const struct mt_event *ending = mt_case_ending(test);
    const char *message = mt_case_message(test);
    MT_AUTO_FREE char *shown = placed(ending, message);

    begin_problem(writer, element, message, ending);
    mt_xml_text(writer, shown);
    xmlTextWriterEndElement(writer);
}

static void write_skip(xmlTextWriter *writer, const char *why, const struct mt_case *test)
{
    MT_AUTO_FREE char *message = mt_text("%s: %s", why, mt_case_message(test));

    xmlTextWriterStartElement(writer, BAD_CAST "skipped");
    mt_xml_attribute(writer, "message", message);
    xmlTextWriterEndElement(writer);
}

/* A failure would turn the build in Jenkins yellow, which quarantine is meant to prevent. */
static void write_quarantined(xmlTextWriter *writer, const struct mt_case *test)
{
    MT_AUTO_FREE char *why = mt_text("quarantined (%s)", mt_case_ending(test)->quarantine);

    write_skip(writer, why, test);
}

static void write_outcome(xmlTextWriter *writer, const struct mt_case *test)
{
    switch (mt_case_outcome(test)) {
    case MT_OUTCOME_PASSED:
    case MT_OUTCOME_FLAKY:
        break;
    case MT_OUTCOME_SKIPPED:
        write_skip(writer, or (mt_case_ending(test)->reason, "skipped"), test);
        break;
    case MT_OUTCOME_FAILED:
        write_problem(writer, "failure", test);
        break;
    case MT_OUTCOME_ERROR:
        write_problem(writer, "error", test);
        break;
    case MT_OUTCOME_QUARANTINED:
        write_quarantined(writer, test);
        break;
    }
}

static void write_element(xmlTextWriter *writer, const char *element, const char *value)
{
    xmlTextWriterStartElement(writer, BAD_CAST element);
    mt_xml_text(writer, value);
    xmlTextWriterEndElement(writer);
}

static bool is_what_counts(const struct mt_case *test, const struct mt_event *attempt)
{
    const struct mt_event *ending = mt_case_ending(test);

    return attempt->attempt == ending->attempt && attempt->repeat == ending->repeat;
}

/*
 * The failed attempts besides the attempt that counts. Jenkins reads these two elements of
 * surefire, and not the two elements that surefire has for errors.
 */
static void write_other_attempts(xmlTextWriter *writer, const struct mt_case *test)
{
    enum mt_outcome outcome = mt_case_outcome(test);
    bool passed = outcome == MT_OUTCOME_PASSED || outcome == MT_OUTCOME_FLAKY;
    const char *element = passed ? "flakyFailure" : "rerunFailure";

    for (size_t i = 0; i < test->attempt_count && outcome != MT_OUTCOME_QUARANTINED; i++) {
        const struct mt_event *attempt = &test->attempts[i];
        if (!mt_event_is_bad(attempt) || is_what_counts(test, attempt)) {
            continue;
        }
        const char *message = or (attempt->message, "");
        MT_AUTO_FREE char *shown = placed(attempt, message);
        begin_problem(writer, element, message, attempt);
        write_element(writer, "stackTrace", shown);
        if (attempt->output != NULL) {
            write_element(writer, "system-out", attempt->output);
        }
        xmlTextWriterEndElement(writer);
    }
}

static void write_line(xmlTextWriter *writer, const char *name, const char *value)
{
    if (value != NULL) {
        MT_AUTO_FREE char *line = mt_text("%s: %s\n", name, value);
        mt_xml_text(writer, line);
    }
}

static void write_lines(xmlTextWriter *writer, const struct mt_strings *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        mt_xml_text(writer, lines->items[i]);
        mt_xml_text(writer, "\n");
    }
}

static void write_attempts(xmlTextWriter *writer, const struct mt_case *test)
{
    size_t bad = 0;

    for (size_t i = 0; i < test->attempt_count; i++) {
        bad += mt_event_is_bad(&test->attempts[i]);
    }
    if (test->attempt_count > 1) {
        MT_AUTO_FREE char *line =
            mt_text("attempts: %zu, %zu of them went wrong\n", test->attempt_count, bad);
        mt_xml_text(writer, line);
    }
}

/* One path on each line, as Jenkins' plugin for attachments needs it. */
static void write_attachments(xmlTextWriter *writer, const struct mt_results *results,
                              const struct mt_case *test)
{
    struct mt_strings paths = {0};

    mt_attachments_find(results, test, &paths);
    for (size_t i = 0; i < paths.count; i++) {
        mt_xml_attachment(writer, paths.items[i]);
    }
    if (paths.count > 0) {
        mt_xml_text(writer, "\n");
    }
    mt_strings_clear(&paths);
}

/* The stricter of Jenkins' two readers refuses the attribute for the start time. */
static void write_output(xmlTextWriter *writer, const struct mt_results *results,
                         const struct mt_case *test)
{
    const struct mt_event *ending = mt_case_ending(test);

    if (test->started.kind != MT_EVENT_STARTED) {
        return;
    }
    MT_AUTO_FREE char *started = mt_xml_utc(test->started.time, "%Y-%m-%dT%H:%M:%SZ");
    xmlTextWriterStartElement(writer, BAD_CAST "system-out");
    write_line(writer, "started", started);
    write_line(writer, "accelerator", ending->accel);
    write_line(writer, "machine", ending->machine);
    write_attempts(writer, test);
    write_lines(writer, &test->notes);
    write_line(writer, "log", ending->log);
    write_line(writer, "reproduce", test->started.reproduce);
    if (ending->output != NULL) {
        mt_xml_text(writer, ending->output);
    }
    write_attachments(writer, results, test);
    xmlTextWriterEndElement(writer);
}

static void begin_case(xmlTextWriter *writer, const struct mt_results *results, const char *plugin,
                       const char *test, double seconds)
{
    MT_AUTO_FREE char *class = class_name(results, plugin);

    xmlTextWriterStartElement(writer, BAD_CAST "testcase");
    mt_xml_attribute(writer, "classname", class);
    mt_xml_attribute(writer, "name", test);
    mt_xml_seconds(writer, seconds);
}

void mt_junit_write_case(xmlTextWriter *writer, const struct mt_results *results,
                         const struct mt_case *test)
{
    begin_case(writer, results, test->id.plugin, test->id.test, mt_case_seconds(test));
    write_outcome(writer, test);
    write_other_attempts(writer, test);
    write_output(writer, results, test);
    xmlTextWriterEndElement(writer);
}

void mt_junit_write_judgement(xmlTextWriter *writer, const struct mt_results *results)
{
    const char *judgement = mt_results_judgement(results);

    begin_case(writer, results, "run", "judgement", 0);
    begin_problem(writer, "failure", judgement, &results->finished);
    mt_xml_text(writer, judgement);
    xmlTextWriterEndElement(writer);
    xmlTextWriterEndElement(writer);
}
