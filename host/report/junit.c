/* SPDX-License-Identifier: Apache-2.0 */
#include "report/junit.h"

#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "report/junit_case.h"
#include "report/xml.h"

static void write_properties(xmlTextWriter *writer, const struct mt_event *run)
{
    xmlTextWriterStartElement(writer, BAD_CAST "properties");
    mt_xml_property(writer, "host", run->host);
    mt_xml_property(writer, "manifest", run->manifest);
    mt_xml_property(writer, "migtest", run->version);
    mt_xml_property(writer, "source", run->source);
    mt_xml_property(writer, "source version", run->source_version);
    mt_xml_property(writer, "source build id", run->source_build_id);
    mt_xml_property(writer, "destination", run->destination);
    mt_xml_property(writer, "destination version", run->destination_version);
    mt_xml_property(writer, "destination build id", run->destination_build_id);
    xmlTextWriterEndElement(writer);
}

static void write_totals(xmlTextWriter *writer, const struct mt_counts *counts)
{
    mt_xml_number(writer, "tests", counts->tests);
    mt_xml_number(writer, "failures", counts->failed);
    mt_xml_number(writer, "errors", counts->errors);
}

static void begin_suite(xmlTextWriter *writer, const struct mt_results *results, const char *name,
                        const struct mt_counts *counts)
{
    MT_AUTO_FREE char *when = mt_xml_utc(results->run.time, "%Y-%m-%dT%H:%M:%S");

    xmlTextWriterStartElement(writer, BAD_CAST "testsuite");
    mt_xml_attribute(writer, "name", name);
    write_totals(writer, counts);
    mt_xml_number(writer, "skipped", counts->skipped + counts->quarantined);
    mt_xml_seconds(writer, counts->seconds);
    mt_xml_attribute(writer, "timestamp", when);
    mt_xml_attribute(writer, "hostname", results->run.host != NULL ? results->run.host : "");
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
        const struct mt_case *test = &results->cases[suite->cases[i]];
        if (!test->in_other_journal) {
            mt_junit_write_case(writer, results, test);
        }
    }
    xmlTextWriterEndElement(writer);
}

/* A disabled plugin is not opened and has no cases. Its suite is empty and has the reason. */
static void write_disabled(xmlTextWriter *writer, const struct mt_results *results,
                           const struct mt_event *disabled)
{
    const struct mt_counts none = {0};

    begin_suite(writer, results, disabled->id.plugin != NULL ? disabled->id.plugin : "", &none);
    xmlTextWriterStartElement(writer, BAD_CAST "properties");
    mt_xml_property(writer, "disabled", disabled->message != NULL ? disabled->message : "");
    xmlTextWriterEndElement(writer);
    xmlTextWriterEndElement(writer);
}

/* Without this case Jenkins would show a failed run without a failed test. */
static void write_judgement(xmlTextWriter *writer, const struct mt_results *results)
{
    const struct mt_counts counts = {.tests = 1, .failed = 1};

    begin_suite(writer, results, "run", &counts);
    write_properties(writer, &results->run);
    mt_junit_write_judgement(writer, results);
    xmlTextWriterEndElement(writer);
}

static void write_run(xmlTextWriter *writer, const struct mt_results *results,
                      const struct mt_suite *only)
{
    for (size_t i = 0; i < results->suite_count; i++) {
        if (only == NULL || only == &results->suites[i]) {
            write_suite(writer, results, &results->suites[i]);
        }
    }
    for (size_t i = 0; only == NULL && i < results->disabled_count; i++) {
        write_disabled(writer, results, &results->disabled[i]);
    }
    if (only == NULL && mt_results_judgement(results) != NULL) {
        write_judgement(writer, results);
    }
}

static void write_all(xmlTextWriter *writer, const struct mt_results_list *list,
                      const struct mt_suite *only)
{
    struct mt_counts counts =
        only != NULL ? mt_suite_count(&list->items[0], only) : mt_results_list_count(list);

    size_t judged = only == NULL ? mt_results_list_judged(list) : 0;

    counts.tests += judged;
    counts.failed += judged;
    xmlTextWriterStartElement(writer, BAD_CAST "testsuites");
    write_totals(writer, &counts);
    mt_xml_seconds(writer, mt_results_list_seconds(list));
    for (size_t i = 0; i < list->count; i++) {
        write_run(writer, &list->items[i], only);
    }
    xmlTextWriterEndElement(writer);
}

char *mt_junit_text(const struct mt_results_list *list, const struct mt_suite *only)
{
    xmlBuffer *buffer = xmlBufferCreate();
    xmlTextWriter *writer = xmlNewTextWriterMemory(buffer, 0);

    if (writer == NULL) {
        abort();
    }
    xmlTextWriterSetIndent(writer, 1);
    xmlTextWriterSetIndentString(writer, BAD_CAST "  ");
    xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
    write_all(writer, list, only);
    xmlTextWriterEndDocument(writer);
    xmlFreeTextWriter(writer);
    char *written = mt_text_copy((const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    return written;
}

int mt_junit_write(const struct mt_results_list *list, const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *written = mt_junit_text(list, NULL);

    return mt_file_write(path, written, strlen(written), error);
}

/* The name of a group becomes part of a file name. */
static char *file_for_group(const char *file, const struct mt_suite *suite)
{
    const char *mark = strstr(file, "%g");
    MT_AUTO_FREE char *name = suite_name(suite);

    for (char *at = name; *at != '\0'; at++) {
        *at = *at == '/' ? '_' : *at;
    }
    return mt_text("%.*s%s%s", (int)(mark - file), file, name, mark + 2);
}

int mt_junit_write_as_cmocka(const struct mt_results_list *list, const char *file,
                             struct mt_error *error)
{
    const struct mt_results *results = &list->items[0];

    if (file == NULL) {
        MT_AUTO_FREE char *written = mt_junit_text(list, NULL);
        fputs(written, stderr);
        return 0;
    }
    if (strstr(file, "%g") == NULL) {
        return mt_junit_write(list, file, error);
    }
    for (size_t i = 0; i < results->suite_count; i++) {
        MT_AUTO_FREE char *path = file_for_group(file, &results->suites[i]);
        MT_AUTO_FREE char *written = mt_junit_text(list, &results->suites[i]);
        if (mt_file_write(path, written, strlen(written), error) < 0) {
            return -1;
        }
    }
    return 0;
}
