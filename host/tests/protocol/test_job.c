/* SPDX-License-Identifier: Apache-2.0 */
/* A worker reads the job that the host wrote, or refuses the whole job. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/job.h"

#define COMMON                                                                                     \
    "'token':'t','scratch':'/s','timeout_ms':5,'limits':{'memory':1,'processes':2,'file_size':3}"
#define QEMU "{'binary':'/q','args':['-L','x'],'environment':['A=b']}"
#define MACHINE                                                                                    \
    "{'type':'q35','accel':'tcg','cpu':'qemu64','smp':2,'ram':1024,'memory_backend':'memfd',"      \
    "'firmware':'none','devices':'rich','args':[]}"
#define PLUGIN "{'file':'/p','identity':'i'}"
#define RUN(machine, more)                                                                         \
    "{" COMMON ",'kind':'run','plugin':" PLUGIN ",'options':{},'group':'g','test':'n',"            \
    "'patience':1.5,'source':" QEMU ",'destination':" QEMU ",'machine':" machine                   \
    ",'hold':true,'blind':[],'not_kept':[],'reset':null,'figures':null,"                           \
    "'unusable_views':{},'private_network':false" more "}"

/* A line in single quotes. */
static int decode(const char *text, struct mt_job *ret_job, struct mt_error *error)
{
    char line[4096];
    size_t size = strlen(text);

    for (size_t i = 0; i <= size; i++) {
        line[i] = text[i] == '\'' ? '"' : text[i];
    }
    return mt_job_decode(line, ret_job, error);
}

static void a_line_becomes_a_job(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_job job;

    (void)state;
    if (decode(RUN(MACHINE, ",'recordings':'/r','fail_at':7"), &job, &error) < 0) {
        fail_msg("%s", mt_error_text(&error));
    }
    assert_int_equal(job.kind, MT_JOB_RUN);
    assert_string_equal(job.run.test, "n");
    assert_int_equal(job.timeout_ms, 5);
    assert_int_equal(job.run.fail_at, 7);
    assert_int_equal(job.limits.file_size, 3);
    assert_string_equal(job.run.source.environment[0], "A=b");
    assert_null(job.run.source.environment[1]);
    assert_null(job.run.source.version);
    assert_int_equal(job.run.machine.smp, 2);
    assert_string_equal(job.run.machine.devices, "rich");
    assert_null(job.run.machine.args[0]);
    assert_string_equal(job.run.recordings, "/r");
    assert_true(job.run.hold);
    assert_false(job.run.manners);
    assert_null(job.run.reset);
    mt_job_clear(&job);
}

static void a_job_survives_the_way_to_the_worker(void **state)
{
    static const char *const blind[] = {"ram", "state", NULL};
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_job job = {
        .kind = MT_JOB_RUN,
        .token = "t",
        .scratch = "/s",
        .run =
            {
                .plugin = {"/p", "i"},
                .group = "g",
                .test = "\"\x1b\n",
                .patience = 0.1,
                .source = {.binary = "/q", .build_id = "0123"},
                .destination = {.binary = "/q"},
                .machine = {"q35", "tcg", "max", 1, INT64_C(1) << 40, "memfd", "none", "rich", NULL,
                            NULL},
                .blind = blind,
                .reset = json_pack("{s:i}", "a", 1),
            },
    };
    char *line = mt_job_encode(&job);
    struct mt_job arrived;

    (void)state;
    json_decref(job.run.reset);
    if (mt_job_decode(line, &arrived, &error) < 0) {
        fail_msg("%s", mt_error_text(&error));
    }
    assert_string_equal(arrived.run.test, "\"\x1b\n");
    assert_true(arrived.run.patience == 0.1);
    assert_string_equal(arrived.run.source.build_id, "0123");
    assert_null(arrived.run.source.args[0]);
    assert_true(arrived.run.machine.ram == INT64_C(1) << 40);
    assert_string_equal(arrived.run.blind[1], "state");
    assert_null(arrived.run.blind[2]);
    assert_int_equal(json_integer_value(json_object_get(arrived.run.reset, "a")), 1);
    mt_job_clear(&arrived);
    free(line);
}

static void a_job_with_a_missing_unknown_or_wrong_member_is_refused(void **state)
{
    static const struct {
        const char *line;
        const char *says;
    } examples[] = {
        {"{'kind':'probe','qemu':" QEMU "}", "the job has no token"},
        {"{" COMMON "}", "the job has no kind"},
        {"{" COMMON ",'kind':'prob'}", "the job has the unknown kind prob"},
        {"{" COMMON ",'kind':'probe'}", "the job has no qemu"},
        {"{" COMMON ",'kind':'probe','qemu':[]}", "the job's qemu is not an object"},
        {"{" COMMON ",'kind':'probe','qemu':{'binary':'/q','args':[1],'environment':[]}}",
         "the job's qemu's args is not a list of texts"},
        {"{" COMMON ",'kind':'try','qemu':" QEMU ",'machine':" MACHINE ",'hold':true}",
         "the job has an unknown hold"},
        {RUN("{'type':'q35'}", ""), "the job's machine has no accel"},
        {RUN(MACHINE, ",'holds':true"), "the job has an unknown holds"},
        {RUN(MACHINE, ",'fail_at':'2'"), "the job's fail_at is not a whole number"},
        {RUN(MACHINE, ",'recordings':null"), "the job's recordings is not a text"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        MT_AUTO_ERROR struct mt_error error = {0};
        struct mt_job job;
        assert_int_equal(decode(examples[i].line, &job, &error), -1);
        assert_string_equal(mt_error_text(&error), examples[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_becomes_a_job),
        cmocka_unit_test(a_job_survives_the_way_to_the_worker),
        cmocka_unit_test(a_job_with_a_missing_unknown_or_wrong_member_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
