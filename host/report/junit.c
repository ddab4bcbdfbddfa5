/* SPDX-License-Identifier: Apache-2.0 */
#include "report/junit.h"

#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/files.h"

/* libxml2's writer passes control characters and bad UTF-8 through, so every text is made clean
 * here. */

static void attribute(xmlTextWriter *writer, const char *name, const char *value)
{
    MT_AUTO_FREE char *clean = mt_clean(value, strlen(value));

    xmlTextWriterWriteAttribute(writer, BAD_CAST name, BAD_CAST clean);
}

static void text(xmlTextWriter *writer, const char *value)
{
    MT_AUTO_FREE char *clean = mt_clean(value, strlen(value));

    xmlTextWriterWriteString(writer, BAD_CAST clean);
}

static void number(xmlTextWriter *writer, const char *name, size_t value)
{
    MT_AUTO_FREE char *shown = mt_text("%zu", value);

    attribute(writer, name, shown);
}

static void seconds(xmlTextWriter *writer, double value)
{
    MT_AUTO_FREE char *shown = mt_text("%.3f", value > 0 ? value : 0.0);

    attribute(writer, "time", shown);
}

static void property(xmlTextWriter *writer, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    xmlTextWriterStartElement(writer, BAD_CAST "property");
    attribute(writer, "name", name);
    attribute(writer, "value", value);
    xmlTextWriterEndElement(writer);
}

static char *utc(double when, const char *format)
{
    time_t whole = (time_t)when;
    struct tm parts;
    char shown[64] = "1970-01-01T00:00:00";

    if (gmtime_r(&whole, &parts) != NULL) {
        strftime(shown, sizeof(shown), format, &parts);
    }
    return mt_text_copy(shown);
}

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

static void write_problem(xmlTextWriter *writer, const char *element, const struct mt_case *one)
{
    const struct mt_event *finished = &one->finished;
    const char *message = mt_case_message(one);

    xmlTextWriterStartElement(writer, BAD_CAST element);
    attribute(writer, "message", message);
    attribute(writer, "type", finished->reason != NULL ? finished->reason : element);
    if (finished->file != NULL && finished->file[0] != '\0') {
        MT_AUTO_FREE char *place = mt_text("%s:%lld: ", finished->file, (long long)finished->line);
        text(writer, place);
    }
    text(writer, message);
    xmlTextWriterEndElement(writer);
}

static void write_skip(xmlTextWriter *writer, const struct mt_case *one)
{
    const char *reason = one->finished.reason != NULL ? one->finished.reason : "skipped";
    MT_AUTO_FREE char *message = mt_text("%s: %s", reason, mt_case_message(one));

    xmlTextWriterStartElement(writer, BAD_CAST "skipped");
    attribute(writer, "message", message);
    xmlTextWriterEndElement(writer);
}

/* A failure would turn Jenkins' build yellow, which is what quarantine is there to prevent. */
static void write_quarantined(xmlTextWriter *writer, const struct mt_case *one)
{
    MT_AUTO_FREE char *message =
        mt_text("quarantined (%s): %s", one->finished.quarantine, mt_case_message(one));

    xmlTextWriterStartElement(writer, BAD_CAST "skipped");
    attribute(writer, "message", message);
    xmlTextWriterEndElement(writer);
}

static void write_outcome(xmlTextWriter *writer, const struct mt_case *one)
{
    const char *outcome = mt_case_outcome(one);

    if (mt_case_is_quarantined(one)) {
        write_quarantined(writer, one);
    } else if (strcmp(outcome, "failed") == 0) {
        write_problem(writer, "failure", one);
    } else if (strcmp(outcome, "skipped") == 0) {
        write_skip(writer, one);
    } else if (strcmp(outcome, "passed") != 0) {
        write_problem(writer, "error", one);
    }
}

static void write_line(xmlTextWriter *writer, const char *name, const char *value)
{
    if (value != NULL) {
        MT_AUTO_FREE char *line = mt_text("%s: %s\n", name, value);
        text(writer, line);
    }
}

/* The attribute that would hold the start time is refused by the stricter of Jenkins' two readers.
 */
static void write_output(xmlTextWriter *writer, const struct mt_case *one)
{
    if (one->started.kind != MT_EVENT_STARTED) {
        return;
    }
    MT_AUTO_FREE char *started = utc(one->started.time, "%Y-%m-%dT%H:%M:%SZ");
    xmlTextWriterStartElement(writer, BAD_CAST "system-out");
    write_line(writer, "started", started);
    write_line(writer, "accelerator", one->finished.accel);
    write_line(writer, "machine", one->finished.machine);
    for (size_t i = 0; i < one->notes.count; i++) {
        text(writer, one->notes.items[i]);
        text(writer, "\n");
    }
    write_line(writer, "log", one->finished.log);
    write_line(writer, "reproduce", one->started.reproduce);
    if (one->finished.output != NULL) {
        text(writer, one->finished.output);
    }
    xmlTextWriterEndElement(writer);
}

static void write_case(xmlTextWriter *writer, const struct mt_results *results,
                       const struct mt_case *one)
{
    MT_AUTO_FREE char *class = class_name(results, one->plugin);

    xmlTextWriterStartElement(writer, BAD_CAST "testcase");
    attribute(writer, "classname", class);
    attribute(writer, "name", one->test);
    seconds(writer, one->finished.seconds);
    write_outcome(writer, one);
    write_output(writer, one);
    xmlTextWriterEndElement(writer);
}

static void write_properties(xmlTextWriter *writer, const struct mt_event *run)
{
    xmlTextWriterStartElement(writer, BAD_CAST "properties");
    property(writer, "host", run->host);
    property(writer, "manifest", run->manifest);
    property(writer, "migtest", run->version);
    property(writer, "source", run->source);
    property(writer, "source version", run->source_version);
    property(writer, "destination", run->destination);
    property(writer, "destination version", run->destination_version);
    xmlTextWriterEndElement(writer);
}

static void write_totals(xmlTextWriter *writer, const struct mt_counts *counts)
{
    number(writer, "tests", counts->tests);
    number(writer, "failures", counts->failed);
    number(writer, "errors", counts->errors);
}

static void begin_suite(xmlTextWriter *writer, const struct mt_results *results, const char *name,
                        const struct mt_counts *counts)
{
    MT_AUTO_FREE char *when = utc(results->run.time, "%Y-%m-%dT%H:%M:%S");

    xmlTextWriterStartElement(writer, BAD_CAST "testsuite");
    attribute(writer, "name", name);
    write_totals(writer, counts);
    number(writer, "skipped", counts->skipped + counts->quarantined);
    seconds(writer, counts->seconds);
    attribute(writer, "timestamp", when);
    attribute(writer, "hostname", results->run.host != NULL ? results->run.host : "");
}

static char *suite_name(const struct mt_suite *suite)
{
    return strcmp(suite->plugin, suite->group) == 0 ? mt_text_copy(suite->plugin)
                                                    : mt_text("%s.%s", suite->plugin, suite->group);
}

static void write_suite(xmlTextWriter *writer, const struct mt_results *results,
                        const struct mt_suite *suite)
{
    struct mt_counts counts = mt_suite_count(results, suite);
    MT_AUTO_FREE char *name = suite_name(suite);

    begin_suite(writer, results, name, &counts);
    write_properties(writer, &results->run);
    for (size_t i = 0; i < suite->count; i++) {
        write_case(writer, results, &results->cases[suite->cases[i]]);
    }
    xmlTextWriterEndElement(writer);
}

/* A plugin that was not opened has no case to show, so its suite is empty and says why. */
static void write_disabled(xmlTextWriter *writer, const struct mt_results *results,
                           const struct mt_event *disabled)
{
    const struct mt_counts none = {0};

    begin_suite(writer, results, disabled->plugin != NULL ? disabled->plugin : "", &none);
    xmlTextWriterStartElement(writer, BAD_CAST "properties");
    property(writer, "disabled", disabled->message != NULL ? disabled->message : "");
    xmlTextWriterEndElement(writer);
    xmlTextWriterEndElement(writer);
}

static void write_all(xmlTextWriter *writer, const struct mt_results *results,
                      const struct mt_suite *only)
{
    struct mt_counts counts =
        only != NULL ? mt_suite_count(results, only) : mt_results_count(results);

    xmlTextWriterStartElement(writer, BAD_CAST "testsuites");
    write_totals(writer, &counts);
    seconds(writer, results->finished.seconds > 0 ? results->finished.seconds : counts.seconds);
    for (size_t i = 0; i < results->suite_count; i++) {
        if (only == NULL || only == &results->suites[i]) {
            write_suite(writer, results, &results->suites[i]);
        }
    }
    for (size_t i = 0; only == NULL && i < results->disabled_count; i++) {
        write_disabled(writer, results, &results->disabled[i]);
    }
    xmlTextWriterEndElement(writer);
}

char *mt_junit_text(const struct mt_results *results, const struct mt_suite *only)
{
    xmlBuffer *buffer = xmlBufferCreate();
    xmlTextWriter *writer = xmlNewTextWriterMemory(buffer, 0);

    if (writer == NULL) {
        abort();
    }
    xmlTextWriterSetIndent(writer, 1);
    xmlTextWriterSetIndentString(writer, BAD_CAST "  ");
    xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
    write_all(writer, results, only);
    xmlTextWriterEndDocument(writer);
    xmlFreeTextWriter(writer);
    char *written = mt_text_copy((const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    return written;
}

int mt_junit_write(const struct mt_results *results, const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *written = mt_junit_text(results, NULL);

    return mt_file_write(path, written, strlen(written), error);
}

/* A group's name becomes part of a file's name. */
static char *file_for_group(const char *file, const struct mt_suite *suite)
{
    const char *mark = strstr(file, "%g");
    MT_AUTO_FREE char *name = suite_name(suite);

    for (char *at = name; *at != '\0'; at++) {
        *at = *at == '/' ? '_' : *at;
    }
    return mt_text("%.*s%s%s", (int)(mark - file), file, name, mark + 2);
}

int mt_junit_write_as_cmocka(const struct mt_results *results, const char *file,
                             struct mt_error *error)
{
    if (file == NULL) {
        MT_AUTO_FREE char *written = mt_junit_text(results, NULL);
        fputs(written, stderr);
        return 0;
    }
    if (strstr(file, "%g") == NULL) {
        return mt_junit_write(results, file, error);
    }
    for (size_t i = 0; i < results->suite_count; i++) {
        MT_AUTO_FREE char *path = file_for_group(file, &results->suites[i]);
        MT_AUTO_FREE char *written = mt_junit_text(results, &results->suites[i]);
        if (mt_file_write(path, written, strlen(written), error) < 0) {
            return -1;
        }
    }
    return 0;
}
