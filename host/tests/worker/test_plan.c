/* SPDX-License-Identifier: Apache-2.0 */
/* A plan is read whole or not at all: what the host does not say has no default. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "worker/plan.h"

#define COMMON "'token':'t','scratch':'/s','timeout_ms':5"
#define QEMU "{'binary':'/q','args':['-L','x'],'env':{'A':'b'}}"
#define MACHINE                                                                                    \
    "{'type':'q35','accel':'tcg','cpu':'qemu64','smp':2,'ram':1024,'memory_backend':'memfd',"      \
    "'firmware':'none','devices':'rich','args':[]}"
#define PLUGIN                                                                                     \
    "{'file':'/p','identity':'i','name':'p','options':{},"                                         \
    "'limits':{'memory':1,'processes':2,'file_size':3}}"
#define RUN(machine, more)                                                                         \
    "{" COMMON ",'job':'run','plugin':" PLUGIN ",'group':'g','test':'n','attempt':1,"              \
    "'patience':1.5,'source':" QEMU ",'destination':" QEMU ",'machine':" machine                   \
    ",'hold':true,'blind':[],'not_kept':[],'reset':null,'figures':null,"                           \
    "'unusable_views':{},'network':'host'" more "}"

/* What a plan says lives as long as its process, which has one plan. Of a text that is made by
 * vasprintf LSan sees no more of the stack. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:mt_plan_read\nleak:__vasprintf_internal\n";
}

/* A line in single quotes. */
static int read_plan(const char *text, struct mt_plan *ret_plan, struct mt_error *error)
{
    char line[4096];
    int ends[2];
    size_t size = strlen(text);

    for (size_t i = 0; i <= size; i++) {
        line[i] = text[i] == '\'' ? '"' : text[i];
    }
    line[size++] = '\n';
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], line, size), size);
    close(ends[1]);
    int result = mt_plan_read(ends[0], ret_plan, error);
    close(ends[0]);
    return result;
}

static void what_the_host_says_arrives(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_plan plan;

    (void)state;
    if (read_plan(RUN(MACHINE, ",'recordings':'/r','fail_at':7"), &plan, &error) < 0) {
        fail_msg("%s", mt_error_text(&error));
    }
    assert_string_equal(plan.test, "n");
    assert_int_equal(plan.timeout_ms, 5);
    assert_int_equal(plan.fail_at, 7);
    assert_int_equal(plan.limits.file_size, 3);
    assert_string_equal(plan.pair.source.environment[0], "A=b");
    assert_null(plan.pair.source.version);
    assert_int_equal(plan.pair.machine.smp, 2);
    assert_string_equal(plan.pair.machine.devices, "rich");
    assert_string_equal(plan.pair.recordings, "/r");
    assert_true(plan.pair.hold);
    assert_null(plan.pair.reset);
    json_decref(plan.json);
}

static void what_it_does_not_say_or_says_too_much_is_refused(void **state)
{
    static const struct {
        const char *line;
        const char *says;
    } examples[] = {
        {"{'job':'probe','qemu':" QEMU "}", "the plan's beginning: Object item not found: token"},
        {"{" COMMON ",'job':'prob'}", "there is no job \"prob\""},
        {"{" COMMON ",'job':'probe'}", "the plan's job probe: Object item not found: qemu"},
        {"{" COMMON ",'job':'probe','qemu':{'binary':'/q','args':[1],'env':{}}}",
         "the plan's list args has an item that is no text"},
        {"{" COMMON ",'job':'try','qemu':" QEMU ",'machine':" MACHINE ",'hold':true}",
         "the plan's job try: 1 object item(s) left unpacked: hold"},
        {RUN("{'type':'q35'}", ""), "the plan's machine: Object item not found: accel"},
        {RUN(MACHINE, ",'holds':true"),
         "the plan's job run: 1 object item(s) left unpacked: holds"},
        {RUN(MACHINE, ",'fail_at':'2'"), "the plan's job run: Expected integer, got string"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        MT_AUTO_ERROR struct mt_error error = {0};
        struct mt_plan plan;
        assert_int_equal(read_plan(examples[i].line, &plan, &error), -1);
        assert_string_equal(mt_error_text(&error), examples[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_host_says_arrives),
        cmocka_unit_test(what_it_does_not_say_or_says_too_much_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
