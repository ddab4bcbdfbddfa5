/* SPDX-License-Identifier: Apache-2.0 */
/* Each conversion of a JSON format gives one whole value, so no argument changes the structure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "lib/monitor/json_format.h"
#include "lib/monitor/reply.h"

#define assert_json(expected, ...)                                                                 \
    do {                                                                                           \
        MT_AUTO_ERROR struct mt_error error = {0};                                                 \
        json_t *value = NULL;                                                                      \
        assert_int_equal(mt_json_format(&value, &error, __VA_ARGS__), 0);                          \
        MT_AUTO_FREE char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);               \
        assert_string_equal(text, expected);                                                       \
        json_decref(value);                                                                        \
    } while (0)

static void values_take_their_places(void **state)
{
    const char *volatile nothing = NULL;

    (void)state;
    assert_json("{\"fdname\":\"fd-mig\"}", "{'fdname': %s}", "fd-mig");
    assert_json("{\"a\":-1,\"b\":4294967295,\"c\":5000000000}", "{'a': %d, 'b': %u, 'c': %lld}", -1,
                4294967295U, 5000000000LL);
    assert_json("[true,false,null]", "[%i, %i, %s]", 1, 0, nothing);
    assert_json("{\"a\":\"it's\"}", "{\"a\": \"it's\"}");
}

static void text_cannot_break_out(void **state)
{
    (void)state;
    assert_json("{\"a\":\"\\\"},{'\\\\\"}", "{'a': %s}", "\"},{'\\");
}

static void wrong_formats_are_refused(void **state)
{
    json_t *value = NULL;

    (void)state;
    MT_AUTO_ERROR struct mt_error inside = {0};
    assert_int_equal(mt_json_format(&value, &inside, "{'a': 'x%s'}", "y"), -1);
    assert_non_null(strstr(mt_error_text(&inside), "conversion inside a string"));
    MT_AUTO_ERROR struct mt_error unended = {0};
    assert_int_equal(mt_json_format(&value, &unended, "{'a': %s", "y"), -1);
    MT_AUTO_ERROR struct mt_error encoding = {0};
    assert_int_equal(mt_json_format(&value, &encoding, "[%s]", "\xff"), -1);
    assert_non_null(strstr(mt_error_text(&encoding), "not UTF-8"));
}

static void paths_lead_to_values(void **state)
{
    json_t *reply =
        json_loads("{\"ram\":{\"remaining\":7},\"list\":[{\"x\":1},{\"x\":2}]}", 0, NULL);

    (void)state;
    assert_int_equal(json_integer_value(mt_json_at(reply, "ram.remaining")), 7);
    assert_int_equal(json_integer_value(mt_json_at(reply, "list.1.x")), 2);
    assert_ptr_equal(mt_json_at(reply, ""), reply);
    assert_null(mt_json_at(reply, "list.2.x"));
    assert_null(mt_json_at(reply, "list.one"));
    assert_null(mt_json_at(reply, "ram.remaining.more"));
    json_decref(reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_take_their_places),
        cmocka_unit_test(text_cannot_break_out),
        cmocka_unit_test(wrong_formats_are_refused),
        cmocka_unit_test(paths_lead_to_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
