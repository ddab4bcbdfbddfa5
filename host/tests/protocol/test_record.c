/* SPDX-License-Identifier: Apache-2.0 */
/* A record arrives as the worker wrote it, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/record.h"

static void send(const struct mt_record *record, struct mt_record *ret_record)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    char *line = mt_record_encode(record);

    if (mt_record_decode(line, strlen(line), "t", ret_record, &error) < 0) {
        fail_msg("%s", mt_error_text(&error));
    }
    assert_int_equal(ret_record->kind, record->kind);
    free(line);
}

static void a_record_survives_the_way_to_the_host(void **state)
{
    static const char *const command[] = {"/q", "-S", NULL};
    const struct mt_record sent = {
        .kind = MT_RECORD_QEMU,
        .token = "t",
        .qemu = {"source", 4711, command, "tcg", "q35"},
    };
    struct mt_record arrived;

    (void)state;
    send(&sent, &arrived);
    assert_string_equal(arrived.qemu.side, "source");
    assert_int_equal(arrived.qemu.pid, 4711);
    assert_string_equal(arrived.qemu.command[1], "-S");
    assert_null(arrived.qemu.command[2]);
    struct mt_record taken = mt_record_take(&arrived);
    mt_record_clear(&arrived);
    assert_string_equal(taken.qemu.machine, "q35");
    mt_record_clear(&taken);
}

static void a_member_that_is_absent_is_null(void **state)
{
    const struct mt_record sent = {
        .kind = MT_RECORD_FAILED, .token = "t", .failure = {"lost", "a.c", 3, NULL}};
    struct mt_record arrived;

    (void)state;
    send(&sent, &arrived);
    assert_int_equal(arrived.failure.line, 3);
    assert_null(arrived.failure.stopped);
    mt_record_clear(&arrived);
}

/* A plugin or a QEMU may say anything. */
static void text_that_is_not_utf_8_costs_no_record(void **state)
{
    const struct mt_record sent = {
        .kind = MT_RECORD_ERROR, .token = "t", .message.text = "a\xff\x1b\n"};
    struct mt_record arrived;

    (void)state;
    send(&sent, &arrived);
    assert_string_equal(arrived.message.text, "a\\xff\\x1b\n");
    mt_record_clear(&arrived);
}

static void every_kind_can_be_sent(void **state)
{
    (void)state;
    for (int kind = 0; kind < MT_RECORD_TOO_LONG; kind++) {
        const struct mt_record empty = {.kind = (enum mt_record_kind)kind, .token = "t"};
        char *line = mt_record_encode(&empty);
        assert_non_null(strstr(line, "\"kind\":\""));
        free(line);
    }
}

static void what_is_no_record_of_the_job_is_refused(void **state)
{
    static const struct {
        const char *line;
        const char *says;
    } examples[] = {
        {"[]", "the record has no kind"},
        {"{\"kind\":\"done\"}", "the record has no token"},
        {"{\"kind\":\"done\",\"token\":\"u\"}", "the record has another token"},
        {"{\"kind\":\"won\",\"token\":\"t\"}", "the record has the unknown kind won"},
        {"{\"kind\":\"error\",\"token\":\"t\"}", "the record has no text"},
        {"{\"kind\":\"error\",\"token\":\"t\",\"text\":1}", "the record's text is not a text"},
        {"{\"kind\":\"done\",\"token\":\"t\",\"text\":\"\"}", "the record has an unknown text"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        MT_AUTO_ERROR struct mt_error error = {0};
        struct mt_record record;
        const char *line = examples[i].line;
        assert_int_equal(mt_record_decode(line, strlen(line), "t", &record, &error), -1);
        assert_string_equal(mt_error_text(&error), examples[i].says);
    }
}

static void a_trial_survives_the_cache(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    const struct mt_trial_result kept = {.ms = 7, .dirty_ring = true, .ring_fault = "old"};
    json_t *json = mt_trial_result_encode(&kept);
    struct mt_trial_result result;

    (void)state;
    assert_int_equal(mt_trial_result_decode(json, &result, &error), 0);
    assert_int_equal(result.ms, 7);
    assert_true(result.dirty_ring);
    assert_string_equal(result.ring_fault, "old");
    assert_null(result.fault);
    mt_trial_result_clear(&result);
    json_decref(json);
    assert_int_equal(mt_trial_result_decode(NULL, &result, &error), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_survives_the_way_to_the_host),
        cmocka_unit_test(a_member_that_is_absent_is_null),
        cmocka_unit_test(text_that_is_not_utf_8_costs_no_record),
        cmocka_unit_test(every_kind_can_be_sent),
        cmocka_unit_test(what_is_no_record_of_the_job_is_refused),
        cmocka_unit_test(a_trial_survives_the_cache),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
