/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of real migrations are accepted. With any wrong figure, they are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "lib/monitor/reply.h"
#include "lib/verify/figures.h"

/* The replies of QEMU 10.0.2 and 7.2 after real migrations. */
static const char plain_text[] =
    "{'status': 'completed', 'setup-time': 2, 'downtime': 304, 'total-time': 1819,"
    " 'ram': {'total': 157622272, 'postcopy-requests': 0, 'dirty-sync-count': 5,"
    " 'multifd-bytes': 0, 'pages-per-second': 145745, 'downtime-bytes': 104015880,"
    " 'page-size': 4096, 'remaining': 0, 'postcopy-bytes': 0, 'mbps': 1646.818430379747,"
    " 'transferred': 374098780, 'precopy-bytes': 269939965, 'duplicate': 13122,"
    " 'normal-bytes': 373108736, 'normal': 91091}}";
static const char multifd_text[] =
    "{'status': 'completed', 'setup-time': 30, 'downtime': 29, 'total-time': 795,"
    " 'ram': {'total': 157622272, 'postcopy-requests': 0, 'dirty-sync-count': 5,"
    " 'multifd-bytes': 404255232, 'pages-per-second': 218330, 'downtime-bytes': 0,"
    " 'page-size': 4096, 'remaining': 0, 'postcopy-bytes': 0, 'mbps': 4229.5501176470589,"
    " 'transferred': 404373437, 'precopy-bytes': 118205, 'duplicate': 13122,"
    " 'normal-bytes': 402673664, 'normal': 98309}}";

static const struct mt_seen_migration plain = {
    .ram = 150 << 20, .passes = 5, .setup_us = 1800, .total_us = 1820000, .stopped_us = 305000};
static const struct mt_seen_migration multifd = {.ram = 150 << 20,
                                                 .passes = 5,
                                                 .setup_us = 29000,
                                                 .total_us = 797000,
                                                 .stopped_us = 31000,
                                                 .multifd = true};

static json_t *parse(const char *single_quoted)
{
    char text[1024];

    snprintf(text, sizeof(text), "%s", single_quoted);
    for (char *at = text; (at = strchr(at, '\'')) != NULL;) {
        *at = '"';
    }
    json_t *reply = json_loads(text, 0, NULL);
    assert_non_null(reply);
    return reply;
}

/* The reply of QEMU 5.2. It does not separate the bytes before the downtime from those in the
 * downtime. */
static const char old_text[] =
    "{'status': 'completed', 'setup-time': 1, 'downtime': 1, 'total-time': 50,"
    " 'ram': {'total': 157622272, 'postcopy-requests': 0, 'dirty-sync-count': 2,"
    " 'multifd-bytes': 0, 'pages-per-second': 0, 'page-size': 4096, 'remaining': 0,"
    " 'mbps': 16041.567347, 'transferred': 98175980, 'duplicate': 14592,"
    " 'normal-bytes': 97853440, 'normal': 23890}}";
static const char old_members[] =
    "['status', 'setup-time', 'downtime', 'total-time', 'ram', 'ram.total',"
    " 'ram.postcopy-requests', 'ram.dirty-sync-count', 'ram.multifd-bytes', 'ram.page-size',"
    " 'ram.remaining', 'ram.mbps', 'ram.transferred', 'ram.duplicate', 'ram.normal-bytes',"
    " 'ram.normal']";

static void expect(const json_t *reply, const struct mt_seen_migration *seen, const char *complaint)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *unknown = NULL;
    int result = mt_figures_check(reply, seen, &unknown, &error);

    if (complaint == NULL) {
        if (result != 0) {
            fail_msg("%s", mt_error_text(&error));
        }
        return;
    }
    assert_int_equal(result, -1);
    if (strstr(mt_error_text(&error), complaint) == NULL) {
        fail_msg("\"%s\" is not in: %s", complaint, mt_error_text(&error));
    }
}

static void real_figures_are_accepted(void **state)
{
    json_t *one = parse(plain_text);
    json_t *other = parse(multifd_text);

    (void)state;
    expect(one, &plain, NULL);
    expect(other, &multifd, NULL);
    json_decref(one);
    json_decref(other);
}

static void expect_refusal(const char *text, const struct mt_seen_migration *seen, const char *path,
                           int64_t wrong, const char *complaint)
{
    json_t *reply = parse(text);
    json_t *value = mt_json_at(reply, path);

    assert_non_null(value);
    if (json_is_integer(value)) {
        json_integer_set(value, wrong);
    } else {
        json_real_set(value, (double)wrong);
    }
    expect(reply, seen, complaint);
    json_decref(reply);
}

static void a_wrong_figure_is_named(void **state)
{
    static const struct {
        const char *path;
        int64_t wrong;
        const char *complaint;
    } cases[] = {
        {"total-time", 1764000000000, "total-time is 1764000000000 ms"},
        {"total-time", 0, "total-time is 0 ms, by the events it was 1820 ms"},
        {"total-time", 100, "total-time is 100, expected at least 304 (downtime)"},
        {"setup-time", 20000, "setup-time is 20000 ms, by the events it was 1 ms"},
        {"setup-time", 1900, "setup-time is 1900, expected at most 1819 (total-time)"},
        {"setup-time", -1, "setup-time is -1, expected at least 0 (ms)"},
        {"downtime", -1, "downtime is -1 ms, by the events it was 305 ms"},
        {"downtime", 9304, "downtime is 9304 ms"},
        {"ram.total", 0, "ram.total is 0, expected at least 157286400 (the guest's RAM)"},
        {"ram.remaining", 4096, "ram.remaining is 4096, expected exactly 0"},
        {"ram.page-size", 0, "ram.page-size is 0"},
        {"ram.dirty-sync-count", 4, "ram.dirty-sync-count is 4, expected exactly 5"},
        {"ram.normal", 0, "ram.normal-bytes is 373108736, expected exactly 0"},
        {"ram.normal-bytes", 1, "ram.normal-bytes is 1, expected exactly 373108736"},
        {"ram.duplicate", 400000, "expected at most 192410 (each page in each pass)"},
        {"ram.transferred", 0, "ram.transferred is 0, expected at least 373955845"},
        {"ram.transferred", 800000000, "ram.transferred is 800000000, expected at most"},
        {"ram.precopy-bytes", 0, "ram.precopy-bytes and ram.downtime-bytes is 104015880"},
        {"ram.downtime-bytes", 800000000, "the bytes sent is"},
        {"ram.multifd-bytes", 1, "ram.multifd-bytes is 1, expected exactly 0"},
        {"ram.postcopy-bytes", 1, "ram.postcopy-bytes is 1, expected exactly 0"},
        {"ram.postcopy-requests", 1, "ram.postcopy-requests is 1, expected exactly 0"},
        {"ram.mbps", 0, "mbps is 0.0, but 2992.8 Mbit were transferred in 1817 ms"},
        {"ram.mbps", 13000, "mbps is 13000.0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_refusal(plain_text, &plain, cases[i].path, cases[i].wrong, cases[i].complaint);
    }
    expect_refusal(multifd_text, &multifd, "ram.multifd-bytes", 0, "ram.multifd-bytes is 0");
    expect_refusal(multifd_text, &multifd, "ram.precopy-bytes", 404255232,
                   "ram.precopy-bytes and ram.downtime-bytes is 404255232, expected at most");
}

static void pages_that_were_not_sent_are_missed(void **state)
{
    json_t *reply = parse(plain_text);

    (void)state;
    json_integer_set(mt_json_at(reply, "ram.normal"), 20000);
    json_integer_set(mt_json_at(reply, "ram.normal-bytes"), 20000 * 4096);
    expect(reply, &plain, "ram.normal and ram.duplicate is 33122, expected at least 38400");
    json_decref(reply);
}

/* A wrong time with a stall that explains it, the same time with a shorter stall, and a wrong
 * count. */
static void a_stall_explains_a_time_and_nothing_else(void **state)
{
    static const struct {
        const char *path;
        int64_t wrong;
        int64_t starved_us;
        bool undecided;
    } cases[] = {
        {"downtime", 9304, 0, false},          {"downtime", 9304, 4000000, false},
        {"downtime", 9304, 4600000, true},     {"total-time", 0, 1000000, true},
        {"total-time", 0, 800000, false},      {"setup-time", 20000, 9000000, false},
        {"setup-time", 20000, 10000000, true}, {"ram.remaining", 4096, 60000000, false},
        {"ram.mbps", 0, 60000000, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        MT_AUTO_ERROR struct mt_error error = {0};
        MT_AUTO_FREE char *unknown = NULL;
        struct mt_seen_migration seen = plain;
        json_t *reply = parse(plain_text);
        json_t *value = mt_json_at(reply, cases[i].path);

        seen.starved_us = cases[i].starved_us;
        if (json_is_integer(value)) {
            json_integer_set(value, cases[i].wrong);
        } else {
            json_real_set(value, (double)cases[i].wrong);
        }
        assert_int_equal(mt_figures_check(reply, &seen, &unknown, &error), -1);
        assert_int_equal(error.undecided, cases[i].undecided);
        json_decref(reply);
    }
}

static void a_missing_figure_is_named(void **state)
{
    json_t *reply = parse(plain_text);

    (void)state;
    json_object_del(json_object_get(reply, "ram"), "dirty-sync-count");
    expect(reply, &plain, "there is no ram.dirty-sync-count");
    json_decref(reply);
}

static void a_figure_that_this_qemu_lacks_is_not_checked(void **state)
{
    json_t *reply = parse(old_text);
    json_t *members = parse(old_members);
    const struct mt_seen_migration seen = {
        .ram = 150 << 20, .passes = 2, .total_us = 51000, .stopped_us = -1, .members = members};
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *unknown = NULL;

    (void)state;
    assert_int_equal(mt_figures_check(reply, &seen, &unknown, &error), 0);
    assert_string_equal(unknown, "ram.precopy-bytes, ram.downtime-bytes, ram.postcopy-bytes");
    json_integer_set(mt_json_at(reply, "ram.remaining"), 4096);
    expect(reply, &seen, "ram.remaining is 4096, expected exactly 0");
    json_object_del(json_object_get(reply, "ram"), "mbps");
    expect(reply, &seen, "there is no ram.mbps");
    json_decref(members);
    json_decref(reply);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_figures_are_accepted),
        cmocka_unit_test(a_wrong_figure_is_named),
        cmocka_unit_test(pages_that_were_not_sent_are_missed),
        cmocka_unit_test(a_stall_explains_a_time_and_nothing_else),
        cmocka_unit_test(a_missing_figure_is_named),
        cmocka_unit_test(a_figure_that_this_qemu_lacks_is_not_checked),
    };

    return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
