/* SPDX-License-Identifier: Apache-2.0 */
#include "report/junit_case.h"

#include <string.h>

#include "base/cleanup.h"
#include "report/attachments.h"
#include "report/xml.h"

/* Jenkins takes what stands before the last dot for the package, so a name's own dots would split
 * it. */
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

static void write_problem(xmlTextWriter *writer, const char *element, const struct mt_case *one)
{
    const struct mt_event *ending = mt_case_ending(one);
    const char *message = mt_case_message(one);
    MT_AUTO_FREE char *shown = placed(ending, message);

    begin_problem(writer, element, message, ending);
    mt_xml_text(writer, shown);
    xmlTextWriterEndElement(writer);
}

static void write_skip(xmlTextWriter *writer, const char *why, const struct mt_case *one)
{
    MT_AUTO_FREE char *message = mt_text("%s: %s", why, mt_case_message(one));

    xmlTextWriterStartElement(writer, BAD_CAST "skipped");
    mt_xml_attribute(writer, "message", message);
    xmlTextWriterEndElement(writer);
}

/* A failure would turn Jenkins' build yellow, which is what quarantine is there to prevent. */
static void write_quarantined(xmlTextWriter *writer, const struct mt_case *one)
{
    MT_AUTO_FREE char *why = mt_text("quarantined (%s)", mt_case_ending(one)->quarantine);

    write_skip(writer, why, one);
}

static void write_outcome(xmlTextWriter *writer, const struct mt_case *one)
{
    switch (mt_case_outcome(one)) {
    case MT_OUTCOME_PASSED:
    case MT_OUTCOME_FLAKY:
        break;
    case MT_OUTCOME_SKIPPED:
        write_skip(writer, or (mt_case_ending(one)->reason, "skipped"), one);
        break;
    case MT_OUTCOME_FAILED:
        write_problem(writer, "failure", one);
        break;
    case MT_OUTCOME_ERROR:
        write_problem(writer, "error", one);
        break;
    case MT_OUTCOME_QUARANTINED:
        write_quarantined(writer, one);
        break;
    }
}

static void write_element(xmlTextWriter *writer, const char *element, const char *value)
{
    xmlTextWriterStartElement(writer, BAD_CAST element);
    mt_xml_text(writer, value);
    xmlTextWriterEndElement(writer);
}

static bool is_what_counts(const struct mt_case *one, const struct mt_event *attempt)
{
    const struct mt_event *ending = mt_case_ending(one);

    return attempt->attempt == ending->attempt && attempt->repeat == ending->repeat;
}

/*
 * The attempts that went wrong beside the one that counts. Jenkins reads these two of surefire's
 * elements, and not the two that surefire has for errors.
 */
static void write_other_attempts(xmlTextWriter *writer, const struct mt_case *one)
{
    enum mt_outcome outcome = mt_case_outcome(one);
    bool passed = outcome == MT_OUTCOME_PASSED || outcome == MT_OUTCOME_FLAKY;
    const char *element = passed ? "flakyFailure" : "rerunFailure";

    for (size_t i = 0; i < one->attempt_count && outcome != MT_OUTCOME_QUARANTINED; i++) {
        const struct mt_event *attempt = &one->attempts[i];
        if (!mt_event_is_bad(attempt) || is_what_counts(one, attempt)) {
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

static void write_attempts(xmlTextWriter *writer, const struct mt_case *one)
{
    size_t bad = 0;

    for (size_t i = 0; i < one->attempt_count; i++) {
        bad += mt_event_is_bad(&one->attempts[i]);
    }
    if (one->attempt_count > 1) {
        MT_AUTO_FREE char *line =
            mt_text("attempts: %zu, %zu of them went wrong\n", one->attempt_count, bad);
        mt_xml_text(writer, line);
    }
}

/* One on a line, as Jenkins' plugin for attachments wants them. */
static void write_attachments(xmlTextWriter *writer, const struct mt_results *results,
                              const struct mt_case *one)
{
    struct mt_strings paths = {0};

    mt_attachments_find(results, one, &paths);
    for (size_t i = 0; i < paths.count; i++) {
        mt_xml_attachment(writer, paths.items[i]);
    }
    if (paths.count > 0) {
        mt_xml_text(writer, "\n");
    }
    mt_strings_clear(&paths);
}

/* The attribute that would hold the start time is refused by the stricter of Jenkins' two readers.
 */
static void write_output(xmlTextWriter *writer, const struct mt_results *results,
                         const struct mt_case *one)
{
    const struct mt_event *ending = mt_case_ending(one);

    if (one->started.kind != MT_EVENT_STARTED) {
        return;
    }
    MT_AUTO_FREE char *started = mt_xml_utc(one->started.time, "%Y-%m-%dT%H:%M:%SZ");
    xmlTextWriterStartElement(writer, BAD_CAST "system-out");
    write_line(writer, "started", started);
    write_line(writer, "accelerator", ending->accel);
    write_line(writer, "machine", ending->machine);
    write_attempts(writer, one);
    write_lines(writer, &one->notes);
    write_line(writer, "log", ending->log);
    write_line(writer, "reproduce", one->started.reproduce);
    if (ending->output != NULL) {
        mt_xml_text(writer, ending->output);
    }
    write_attachments(writer, results, one);
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
                         const struct mt_case *one)
{
    begin_case(writer, results, one->id.plugin, one->id.test, mt_case_seconds(one));
    write_outcome(writer, one);
    write_other_attempts(writer, one);
    write_output(writer, results, one);
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
