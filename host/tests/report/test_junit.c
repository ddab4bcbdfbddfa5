/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit files are valid whatever a test is called or prints, and say what the events said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "report/junit.h"

static void validate(xmlDoc *document)
{
    xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt(MT_TEST_SOURCE_DIR "/junit.xsd");
    xmlSchema *schema = xmlSchemaParse(parser);
    xmlSchemaValidCtxt *context = xmlSchemaNewValidCtxt(schema);

    assert_non_null(schema);
    assert_int_equal(xmlSchemaValidateDoc(context, document), 0);
    xmlSchemaFreeValidCtxt(context);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
}

static xmlDoc *written(struct mt_results *results)
{
    MT_AUTO_FREE char *text = mt_junit_text(&(struct mt_results_list){results, 1}, NULL);
    xmlDoc *document = xmlReadMemory(text, (int)strlen(text), "junit.xml", NULL, XML_PARSE_NONET);

    assert_non_null(document);
    validate(document);
    return document;
}

static void assert_xpath(xmlDoc *document, const char *path, const char *expected)
{
    xmlXPathContext *context = xmlXPathNewContext(document);
    xmlXPathObject *found = xmlXPathEvalExpression(BAD_CAST path, context);
    xmlChar *text = xmlXPathCastToString(found);

    assert_string_equal((const char *)text, expected);
    xmlFree(text);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
}

static void add(struct mt_results *results, const struct mt_event *event)
{
    mt_results_add(results, event);
}

static void begin(struct mt_results *results, const char *name)
{
    add(results, &(struct mt_event){.kind = MT_EVENT_RUN_STARTED,
                                    .time = 1800000000,
                                    .format = MT_JOURNAL_FORMAT,
                                    .name = name,
                                    .host = "here"});
}

static void add_case(struct mt_results *results, const char *test, const struct mt_event *end)
{
    struct mt_event event = {.kind = MT_EVENT_PLANNED, .id = {"precopy", "precopy", test}};

    add(results, &event);
    event.kind = MT_EVENT_STARTED;
    event.time = 1800000001;
    add(results, &event);
    event = *end;
    event.id.plugin = "precopy";
    event.id.group = "precopy";
    event.id.test = test;
    event.final = 1;
    add(results, &event);
}

static void outcomes_are_told_apart(void **state)
{
    struct mt_results results = {0};

    (void)state;
    begin(&results, NULL);
    add_case(&results, "good",
             &(struct mt_event){.kind = MT_EVENT_FINISHED, .outcome = "passed", .seconds = 1.25});
    add_case(&results, "bad",
             &(struct mt_event){.kind = MT_EVENT_FINISHED,
                                .outcome = "failed",
                                .reason = "assertion",
                                .message = "1 != 2",
                                .file = "a.c",
                                .line = 7});
    add_case(
        &results, "crashed",
        &(struct mt_event){.kind = MT_EVENT_FINISHED, .outcome = "error", .message = "SIGSEGV"});
    add_case(&results, "not here",
             &(struct mt_event){
                 .kind = MT_EVENT_SKIPPED, .reason = "kvm", .message = "there is no KVM"});
    add(&results, &(struct mt_event){.kind = MT_EVENT_PLANNED, .id = {"fd", "other", "lost"}});
    xmlDoc *document = written(&results);
    assert_xpath(document, "string(/testsuites/@tests)", "5");
    assert_xpath(document, "string(/testsuites/@failures)", "1");
    assert_xpath(document, "string(/testsuites/@errors)", "2");
    assert_xpath(document, "string(//testsuite[1]/@skipped)", "1");
    assert_xpath(document, "string(//testsuite[1]/@timestamp)", "2027-01-15T08:00:00");
    assert_xpath(document, "string(//testcase[@name='good']/@time)", "1.250");
    assert_xpath(document, "string(//testcase[@name='good']/@classname)", "migtest.precopy");
    assert_xpath(document, "string(//testcase[@name='bad']/failure)", "a.c:7: 1 != 2");
    assert_xpath(document, "string(//testcase[@name='crashed']/error/@message)", "SIGSEGV");
    assert_xpath(document, "string(//testcase[@name='not here']/skipped/@message)",
                 "kvm: there is no KVM");
    assert_xpath(document, "string(//testcase[@name='lost']/error/@message)",
                 "no result: the run ended first");
    xmlFreeDoc(document);
    mt_results_clear(&results);
}

static void add_attempt(struct mt_results *results, const char *test, int64_t attempt,
                        const struct mt_event *end)
{
    struct mt_event event = *end;

    event.kind = MT_EVENT_FINISHED;
    event.id.plugin = event.id.group = "precopy";
    event.id.test = test;
    event.attempt = attempt;
    event.seconds = 1;
    add(results, &event);
}

/* As surefire writes them, which Jenkins reads. */
static void attempts_that_went_wrong_are_told(void **state)
{
    const struct mt_event wrong = {.outcome = "error", .reason = "timeout", .message = "too slow"};
    const struct mt_event passed = {.outcome = "passed", .reason = "flaky", .final = 1};
    const struct mt_event failed = {
        .outcome = "failed", .reason = "assertion", .message = "1 != 2", .final = 1};
    struct mt_results results = {0};

    (void)state;
    begin(&results, NULL);
    for (int i = 0; i < 2; i++) {
        add(&results, &(struct mt_event){.kind = MT_EVENT_PLANNED,
                                         .id = {"precopy", "precopy", i == 0 ? "flaky" : "bad"}});
    }
    add_attempt(&results, "flaky", 1, &wrong);
    add_attempt(&results, "flaky", 2, &passed);
    add_attempt(&results, "bad", 1, &wrong);
    add_attempt(&results, "bad", 2, &failed);
    xmlDoc *document = written(&results);
    assert_xpath(document, "count(//testcase[@name='flaky']/*)", "1");
    assert_xpath(document, "string(//testcase[@name='flaky']/flakyFailure/@type)", "timeout");
    assert_xpath(document, "string(//testcase[@name='flaky']/flakyFailure/stackTrace)", "too slow");
    assert_xpath(document, "string(//testcase[@name='flaky']/@time)", "2.000");
    assert_xpath(document, "string(//testcase[@name='bad']/failure/@message)", "1 != 2");
    assert_xpath(document, "string(//testcase[@name='bad']/rerunFailure/@message)", "too slow");
    assert_xpath(document, "string(/testsuites/@failures)", "1");
    assert_xpath(document, "string(/testsuites/@errors)", "0");
    xmlFreeDoc(document);
    mt_results_clear(&results);
}

/* One on a line, and a file each: Jenkins refuses a folder. */
static void files_of_a_bundle_are_attached(void **state)
{
    struct mt_results results = {.folder = mt_text_copy("/proc/self")};
    const struct mt_event failed = {.kind = MT_EVENT_FINISHED,
                                    .outcome = "failed",
                                    .message = "1 != 2",
                                    .bundle = "attr",
                                    .log = "status"};

    (void)state;
    begin(&results, NULL);
    add_case(&results, "bad", &failed);
    MT_AUTO_FREE char *text = mt_junit_text(&(struct mt_results_list){&results, 1}, NULL);
    assert_non_null(strstr(text, "\n[[ATTACHMENT|/proc/self/attr/current]]\n"));
    assert_non_null(strstr(text, "\n[[ATTACHMENT|/proc/self/status]]\n"));
    assert_null(strstr(text, "/proc/self/attr]]"));
    mt_results_clear(&results);
}

static size_t times(const char *text, const char *part)
{
    size_t count = 0;

    while ((text = strstr(text, part)) != NULL) {
        text += strlen(part);
        count++;
    }
    return count;
}

static void start(struct mt_results *results, int64_t attempt)
{
    add(results, &(struct mt_event){.kind = MT_EVENT_STARTED,
                                    .id = {"precopy", "precopy", "x"},
                                    .attempt = attempt,
                                    .bundle = "attr",
                                    .log = "status"});
}

/* The host died in the first attempt, or after it. */
static void what_was_under_way_is_attached_once(void **state)
{
    const struct mt_event failed = {.outcome = "failed", .bundle = "attr", .log = "status"};

    (void)state;
    for (int ended = 0; ended <= 1; ended++) {
        struct mt_results results = {.folder = mt_text_copy("/proc/self")};
        begin(&results, NULL);
        add(&results,
            &(struct mt_event){.kind = MT_EVENT_PLANNED, .id = {"precopy", "precopy", "x"}});
        start(&results, 1);
        if (ended) {
            add_attempt(&results, "x", 1, &failed);
        }
        MT_AUTO_FREE char *text = mt_junit_text(&(struct mt_results_list){&results, 1}, NULL);
        assert_int_equal(times(text, "[[ATTACHMENT|/proc/self/attr/current]]"), 1);
        assert_int_equal(times(text, "[[ATTACHMENT|/proc/self/status]]"), 1);
        mt_results_clear(&results);
    }
}

/* Nor has what a QEMU prints any other effect on who reads the report. */
static void foreign_output_attaches_nothing(void **state)
{
    struct mt_results results = {0};
    const struct mt_event failed = {
        .kind = MT_EVENT_FINISHED,
        .outcome = "failed",
        .message = "it said [[ATTACHMENT|/etc/shadow]]",
        .output =
            "before\n[[ATTACHMENT|/etc/passwd]]\n  ::error::no\n##[error]no\n[[ -f x ]] a::b\n"};

    (void)state;
    begin(&results, NULL);
    add(&results, &(struct mt_event){.kind = MT_EVENT_PLANNED, .id = {"precopy", "precopy", "x"}});
    for (int64_t attempt = 1; attempt <= 2; attempt++) {
        start(&results, attempt);
        add_attempt(&results, "x", attempt, &failed);
    }
    MT_AUTO_FREE char *text = mt_junit_text(&(struct mt_results_list){&results, 1}, NULL);
    xmlDoc *document = written(&results);
    assert_null(strstr(text, ">it said [[ATTACHMENT|"));
    assert_null(strstr(text, "\n[[ATTACHMENT|"));
    assert_int_equal(times(text, "\n[\\[ATTACHMENT|/etc/passwd]]\n"), 2);
    assert_int_equal(times(text, "\n  \\::error::no\n"), 2);
    assert_int_equal(times(text, "\n#\\#[error]no\n"), 2);
    assert_int_equal(times(text, "\n[[ -f x ]] a::b\n"), 2);
    xmlFreeDoc(document);
    mt_results_clear(&results);
}

/* Jenkins takes what stands before the last dot for the package. */
static void names_dots_do_not_split_the_class(void **state)
{
    struct mt_results results = {0};

    (void)state;
    begin(&results, "nightly.rich");
    add_case(&results, "x", &(struct mt_event){.kind = MT_EVENT_FINISHED, .outcome = "passed"});
    xmlDoc *document = written(&results);
    assert_xpath(document, "string(//testcase/@classname)", "nightly_rich.precopy");
    xmlFreeDoc(document);
    mt_results_clear(&results);
}

/* Too many skips, for instance: each test is green, and the run is not. */
static void run_that_failed_by_itself_is_a_case(void **state)
{
    struct mt_results results = {0};

    (void)state;
    begin(&results, "nightly");
    add_case(&results, "x", &(struct mt_event){.kind = MT_EVENT_FINISHED, .outcome = "passed"});
    add(&results,
        &(struct mt_event){.kind = MT_EVENT_RUN_FINISHED, .status = 1, .message = "<3 skipped"});
    xmlDoc *document = written(&results);
    assert_xpath(document, "string(/testsuites/@tests)", "2");
    assert_xpath(document, "string(/testsuites/@failures)", "1");
    assert_xpath(document, "string(//testsuite[@name='run']/@failures)", "1");
    assert_xpath(document, "string(//testcase[@classname='nightly.run']/failure/@message)",
                 "<3 skipped");
    xmlFreeDoc(document);
    mt_results_clear(&results);
}

static void disabled_plugin_says_why(void **state)
{
    struct mt_results results = {0};

    (void)state;
    begin(&results, NULL);
    add(&results, &(struct mt_event){
                      .kind = MT_EVENT_PLUGIN_DISABLED, .id.plugin = "fd", .message = "no room"});
    xmlDoc *document = written(&results);
    assert_xpath(document, "count(//testcase)", "0");
    assert_xpath(document, "string(//testsuite[@name='fd']//property[@name='disabled']/@value)",
                 "no room");
    xmlFreeDoc(document);
    mt_results_clear(&results);
}

/* Every byte value, in every text, alone and amid others. */
static void every_byte_goes_through_every_text(void **state)
{
    static const size_t texts[] = {
        offsetof(struct mt_event, message), offsetof(struct mt_event, file),
        offsetof(struct mt_event, output),  offsetof(struct mt_event, reason),
        offsetof(struct mt_event, accel),   offsetof(struct mt_event, machine),
        offsetof(struct mt_event, log),
    };

    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        char text[] = {'<', (char)byte, '&', '"', ']', ']', '>', (char)byte, 'e', 'n', 'd', '\0'};
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
            struct mt_results results = {0};
            struct mt_event end = {
                .kind = MT_EVENT_FINISHED, .outcome = "failed", .message = "m", .reason = "r"};
            *(const char **)((char *)&end + texts[i]) = text;
            begin(&results, NULL);
            add_case(&results, text, &end);
            xmlDoc *document = written(&results);
            MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));
            /* An attribute's newlines and tabs come back as they went in, as the writer escapes
             * them. */
            assert_xpath(document, "string(//testcase/@name)", clean);
            xmlFreeDoc(document);
            mt_results_clear(&results);
        }
    }
}

static void times_have_the_shape_that_jenkins_takes(void **state)
{
    static const struct {
        double seconds;
        const char *expected;
    } cases[] = {{0, "0.000"},
                 {-1, "0.000"},
                 {0.0004, "0.000"},
                 {999.9996, "1000.000"},
                 {123456.5, "123456.500"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct mt_results results = {0};
        begin(&results, NULL);
        add_case(&results, "x",
                 &(struct mt_event){
                     .kind = MT_EVENT_FINISHED, .outcome = "passed", .seconds = cases[i].seconds});
        xmlDoc *document = written(&results);
        assert_xpath(document, "string(//testcase/@time)", cases[i].expected);
        xmlFreeDoc(document);
        mt_results_clear(&results);
    }
}

static void cmockas_variables_are_honoured(void **state)
{
    struct mt_results results = {0};
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    begin(&results, NULL);
    add_case(&results, "x", &(struct mt_event){.kind = MT_EVENT_FINISHED, .outcome = "passed"});
    assert_int_equal(
        mt_junit_write_as_cmocka(&(struct mt_results_list){&results, 1}, "cmocka-%g.xml", &error),
        0);
    xmlDoc *document = xmlReadFile("cmocka-precopy.xml", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    validate(document);
    xmlFreeDoc(document);
    assert_int_equal(remove("cmocka-precopy.xml"), 0);
    mt_results_clear(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_are_told_apart),
        cmocka_unit_test(attempts_that_went_wrong_are_told),
        cmocka_unit_test(files_of_a_bundle_are_attached),
        cmocka_unit_test(foreign_output_attaches_nothing),
        cmocka_unit_test(what_was_under_way_is_attached_once),
        cmocka_unit_test(names_dots_do_not_split_the_class),
        cmocka_unit_test(run_that_failed_by_itself_is_a_case),
        cmocka_unit_test(disabled_plugin_says_why),
        cmocka_unit_test(every_byte_goes_through_every_text),
        cmocka_unit_test(times_have_the_shape_that_jenkins_takes),
        cmocka_unit_test(cmockas_variables_are_honoured),
    };

    int result = cmocka_run_group_tests(tests, NULL, NULL);
    xmlCleanupParser();
    return result;
}
