/* SPDX-License-Identifier: Apache-2.0 */
/* A test has passed only when every record says so: what is missing or foreign is an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/record_reader.h"
#include "jobs/verdict.h"

#define ENTERED(what) "{'kind':'entered','what':'" what "'}\n"
#define RETURNED(what, passed) "{'kind':'returned','what':'" what "','passed':" passed "}\n"
#define FAILED(why) "{'kind':'failed','message':'" why "','file':'a.c','line':3}\n"
#define SKIPPED(why) "{'kind':'skipped','text':'" why "'}\n"
#define UNDECIDED(why) "{'kind':'undecided','text':'" why "'}\n"
#define DONE "{'kind':'done'}\n"
#define EXIT "{'kind':'exit','status':0,'leftovers':0}\n"
#define PASSED ENTERED("test") RETURNED("test", "true")

static const char token[] = "0123456789abcdef";

struct example {
    const char *records;
    const char *log;
    const char *outcome;
    const char *message; /* NULL: any */
};

static void take(void *data, struct mt_record *record)
{
    mt_job_facts_add(data, record);
}

/* Lines in single quotes, with the token put in. */
static void feed(struct mt_record_reader *reader, const char *lines)
{
    for (; *lines != '\0'; lines++) {
        char byte = *lines == '\'' ? '"' : *lines;
        mt_record_reader_feed(reader, &byte, 1);
        if (byte == '{') {
            static const char member[] = "\"token\":\"0123456789abcdef\",";
            mt_record_reader_feed(reader, member, strlen(member));
        }
    }
}

static void check(const struct example *example, const char *foreign)
{
    struct mt_job_facts facts = {0};
    struct mt_record_reader reader = {.token = token, .data = &facts, .record = take};
    struct mt_verdict verdict;

    mt_record_reader_feed(&reader, foreign, strlen(foreign));
    feed(&reader, example->records);
    mt_verdict_make(&facts, reader.foreign, example->log, &verdict);
    assert_string_equal(verdict.outcome, example->outcome);
    if (example->message != NULL) {
        assert_string_equal(verdict.message, example->message);
    }
    mt_verdict_clear(&verdict);
    mt_job_facts_clear(&facts);
    mt_record_reader_clear(&reader);
}

static void verdicts(void **state)
{
    static const struct example examples[] = {
        {PASSED DONE EXIT, "", "passed", NULL},
        {ENTERED("setup") RETURNED("setup", "true") PASSED DONE EXIT, "", "passed", NULL},
        {ENTERED("test") DONE EXIT, "[  ERROR   ] --- 1 != 2\n[   LINE   ] --- a.c:9: error:\n",
         "failed", "1 != 2"},
        {ENTERED("test") FAILED("lost") DONE EXIT, "", "failed", "lost"},
        {ENTERED("test") SKIPPED("no") DONE EXIT, "", "skipped", "no"},
        {PASSED "{'kind':'environment','text':'another QEMU'}\n" DONE EXIT, "", "error",
         "another QEMU"},
        {"{'kind':'environment','text':'another QEMU'}\n" FAILED("gone") EXIT, "", "error",
         "another QEMU"},
        {PASSED EXIT, "", "error",
         "its process ended by itself, with status 0, before it was through"},
        {PASSED DONE, "", "error", "its worker ended without a last word"},
        {ENTERED("test") "{'kind':'exit','status':0,'signal':'SIGSEGV','leftovers':0}\n", "",
         "error", "it crashed with SIGSEGV"},
        {ENTERED("setup") "{'kind':'failed','message':'no greeting','file':'a.c','line':3,"
                          "'stopped':'destination'}\n{'kind':'done'}\n" EXIT,
         "", "error",
         "its destination was sent a signal to end by, and then: its fixture setup failed: "
         "no greeting"},
        {ENTERED("test") "{'kind':'exit','status':0,'signal':'SIGTERM','leftovers':0}\n", "",
         "error", "its process was sent SIGTERM"},
        {ENTERED("test") "{'kind':'failed','message':'load of migration failed','file':'a.c',"
                         "'line':3,'stopped':'source'}\n" RETURNED(
                             "test", "false") "{'kind':'done'}\n" EXIT,
         "", "error", "its source was sent a signal to end by, and then: load of migration failed"},
        {ENTERED("test") "{'kind':'waiting','side':'source','what':'event STOP','ms':1}\n"
                         "{'kind':'timeout','ms':60000}\n",
         "", "error", "it did not end within 60 s; it last waited for event STOP (source)"},
        {PASSED ENTERED("group_teardown") RETURNED("group_teardown", "false") DONE EXIT, "",
         "error", "its fixture group_teardown failed"},
        {ENTERED("setup") RETURNED("setup", "false") DONE EXIT, "", "error",
         "its fixture setup failed"},
        /* A failed assertion leaves a fixture without its return; the next is entered. */
        {PASSED ENTERED("teardown") ENTERED("group_teardown") RETURNED("group_teardown", "true")
             DONE EXIT,
         "Could not run test: 3 != 4\n", "error", "its fixture teardown failed: 3 != 4"},
        {ENTERED("setup") FAILED("gone") ENTERED("group_teardown")
             RETURNED("group_teardown", "true") DONE EXIT,
         "", "error", "its fixture setup failed: gone"},
        {ENTERED("test") ENTERED("teardown") DONE EXIT,
         "Could not run test: 1 != 2\n[   LINE   ] --- a.c:9: error: Failure!3 != 4\n"
         "[   LINE   ] --- a.c:5: error: Failure!Test teardown failed\n",
         "failed", "1 != 2; then its fixture teardown failed, too"},
        {ENTERED("test") FAILED("lost") ENTERED("teardown") RETURNED("teardown", "false") DONE EXIT,
         "", "failed", "lost; then its fixture teardown failed, too"},
        {ENTERED("test") FAILED("lost") ENTERED("teardown") SKIPPED("no") ENTERED("group_teardown")
             RETURNED("group_teardown", "true") DONE EXIT,
         "", "failed", "lost; then its fixture teardown failed, too"},
        {ENTERED("setup") SKIPPED("no") ENTERED("group_teardown") RETURNED("group_teardown", "true")
             DONE EXIT,
         "", "skipped", "no"},
        {ENTERED("setup") SKIPPED("no") DONE EXIT, "", "skipped", "no"},
        {PASSED ENTERED("teardown") SKIPPED("no") DONE EXIT, "", "error",
         "its fixture teardown failed"},
        {PASSED DONE "{'kind':'exit','status':0,'leftovers':2}\n", "", "error",
         "it left 2 processes behind, which were killed"},
        {PASSED DONE "{'kind':'survivor','text':'qemu (process 7)'}\n"
                     "{'kind':'survivor','text':'sh (process 8)'}\n" EXIT,
         "", "error", "SIGKILL did not end qemu (process 7), sh (process 8)"},
        {PASSED DONE "{'kind':'survivor','text':'qemu (process 7)'}\n"
                     "{'kind':'exit','status':0,'leftovers':1}\n",
         "", "error",
         "it left 1 process behind, which was killed; SIGKILL did not end qemu (process 7)"},
        {DONE EXIT, "", "error", "it was never entered"},
        {"", "", "error", "its worker ended without a last word"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        check(&examples[i], "");
    }
}

static void forged_records_count_against_the_test(void **state)
{
    const struct example example = {
        PASSED DONE EXIT, "", "error",
        "3 lines came over the result channel that its worker did not write"};

    (void)state;
    check(&example, "{\"kind\":\"returned\",\"what\":\"test\",\"passed\":true}\n"
                    "{\"kind\":\"done\",\"token\":\"guessed\"}\nrubbish\n");
}

/* Not forged, and nothing else of the job is lost with it. */
static void a_line_that_is_too_long_is_named(void **state)
{
    const struct example example = {
        PASSED DONE EXIT, "", "error",
        "a line of more than 1024 KiB came over the result channel, and was dropped"};
    const size_t size = 3 * 1024 * 1024;
    char *line = malloc(size + 1);

    (void)state;
    memset(line, 'x', size);
    line[size - 1] = '\n';
    line[size] = '\0';
    check(&example, line);
    free(line);
}

/* Of the worker's build, so this cannot happen; but then the job said something that is not known.
 */
static void a_record_that_cannot_be_read_counts_as_foreign(void **state)
{
    const struct example example = {
        PASSED "{'kind':'wait'}\n{'kind':'moved','side':'source'}\n" DONE EXIT, "", "error",
        "2 lines came over the result channel that its worker did not write"};

    (void)state;
    check(&example, "");
}

/* Only the reader of lines can tell. */
static void a_worker_cannot_say_that_a_line_was_too_long(void **state)
{
    const struct example example = {
        "{'kind':'too-long'}\n" PASSED DONE EXIT, "", "error",
        "1 lines came over the result channel that its worker did not write"};

    (void)state;
    check(&example, "");
}

/* Only what ended for that, and of which nothing else has gone wrong. */
static void what_is_undecided_is_neither_good_nor_bad(void **state)
{
    static const struct {
        const char *records;
        const char *outcome;
        const char *reason;
    } examples[] = {
        {ENTERED("test") UNDECIDED("starved") DONE EXIT, "skipped", "undecided"},
        {ENTERED("setup") UNDECIDED("starved") DONE EXIT, "skipped", "undecided"},
        {ENTERED("test") SKIPPED("no") DONE EXIT, "skipped", "test"},
        {ENTERED("test")
             UNDECIDED("starved") "{'kind':'exit','status':0,'signal':'SIGSEGV','leftovers':0}\n",
         "error", "crash"},
        {PASSED ENTERED("teardown") UNDECIDED("starved") DONE EXIT, "error", "fixture"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct mt_job_facts facts = {0};
        struct mt_record_reader reader = {.token = token, .data = &facts, .record = take};
        struct mt_verdict verdict;

        feed(&reader, examples[i].records);
        mt_verdict_make(&facts, reader.foreign, "", &verdict);
        assert_string_equal(verdict.outcome, examples[i].outcome);
        assert_string_equal(verdict.reason, examples[i].reason);
        assert_int_equal(mt_verdict_is_undecided(&verdict),
                         strcmp(examples[i].reason, "undecided") == 0);
        mt_verdict_clear(&verdict);
        mt_job_facts_clear(&facts);
        mt_record_reader_clear(&reader);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts),
        cmocka_unit_test(what_is_undecided_is_neither_good_nor_bad),
        cmocka_unit_test(forged_records_count_against_the_test),
        cmocka_unit_test(a_line_that_is_too_long_is_named),
        cmocka_unit_test(a_record_that_cannot_be_read_counts_as_foreign),
        cmocka_unit_test(a_worker_cannot_say_that_a_line_was_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
