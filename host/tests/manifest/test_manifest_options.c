/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a plugin in a manifest, checked against the options that the plugin declares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "scratch.h"

static json_t *declaration(void)
{
    json_t *declared = json_loads(
        "[{\"name\": \"channels\", \"type\": \"int\", \"default\": 8, \"min\": 1, \"max\": 255},"
        " {\"name\": \"offset\", \"type\": \"int\", \"default\": -1},"
        " {\"name\": \"label\", \"type\": \"string\", \"default\": \"none\"},"
        " {\"name\": \"loud\", \"type\": \"bool\", \"default\": false}]",
        0, NULL);

    assert_non_null(declared);
    return declared;
}

static int values_of(const char *options, json_t *declared, json_t **ret_values, char **ret_message)
{
    MT_AUTO_FREE char *text = mt_text("version: 1\nplugins: {p: {options: %s}}\n", options);
    struct mt_manifest *manifest = loaded(text, "here");
    MT_AUTO_ERROR struct mt_error error = {0};
    int result = mt_manifest_options(manifest, &manifest->plugins[0], declared, ret_values, &error);

    if (result < 0) {
        const char *place = strstr(mt_error_text(&error), ":2:");
        assert_non_null(place);
        *ret_message = mt_text_copy(place + 1);
    }
    mt_manifest_destroy(manifest);
    json_decref(declared);
    return result;
}

static void given_values_stand_and_others_are_defaults(void **state)
{
    static const struct {
        const char *options;
        const char *values;
    } cases[] = {
        {"{}", "{\"channels\": 8, \"offset\": -1, \"label\": \"none\", \"loud\": false}"},
        {"{channels: 255}",
         "{\"channels\": 255, \"offset\": -1, \"label\": \"none\", \"loud\": false}"},
        {"{offset: -7, loud: true}",
         "{\"channels\": 8, \"offset\": -7, \"label\": \"none\", \"loud\": true}"},
        {"{label: \"\"}", "{\"channels\": 8, \"offset\": -1, \"label\": \"\", \"loud\": false}"},
        {"{label: 12}", "{\"channels\": 8, \"offset\": -1, \"label\": \"12\", \"loud\": false}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *expected = json_loads(cases[i].values, 0, NULL);
        json_t *values = NULL;
        char *message = NULL;
        assert_int_equal(values_of(cases[i].options, declaration(), &values, &message), 0);
        assert_true(json_equal(values, expected));
        json_decref(values);
        json_decref(expected);
    }
}

static void what_does_not_fit_is_named_with_its_place(void **state)
{
    static const struct {
        const char *options;
        const char *message;
    } cases[] = {
        {"{chanels: 4}", "2:25: unknown option \"chanels\"; expected one that the plugin p "
                         "declares; did you mean \"channels\"?"},
        {"{zzz: 4}", "2:25: unknown option \"zzz\"; expected one that the plugin p declares"},
        {"{channels: 0}", "2:35: option channels is 0; expected between 1 and 255"},
        {"{channels: 256}", "2:35: option channels is 256; expected between 1 and 255"},
        {"{channels: many}", "2:35: option channels is \"many\"; expected a whole number"},
        {"{channels: 1.5}", "2:35: option channels is \"1.5\"; expected a whole number"},
        {"{channels: \"4\"}", "2:35: option channels is \"4\"; expected a whole number"},
        {"{channels: [4]}", "2:35: option channels is a list; expected a whole number"},
        {"{channels: }", "2:35: option channels is \"\"; expected a whole number"},
        {"{loud: yes}",
         "2:31: option loud is \"yes\"; expected true or false; did you mean \"true\"?"},
        {"{loud: {}}", "2:31: option loud is a mapping; expected true or false"},
        {"{label: ~}", "2:32: option label is \"~\"; expected text"},
        {"{label: [a]}", "2:32: option label is a list; expected text"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *values = NULL;
        MT_AUTO_FREE char *message = NULL;
        assert_int_equal(values_of(cases[i].options, declaration(), &values, &message), -1);
        assert_string_equal(message, cases[i].message);
        assert_null(values);
    }
}

static void a_plugin_without_options_takes_none(void **state)
{
    json_t *values = NULL;
    MT_AUTO_FREE char *message = NULL;

    (void)state;
    assert_int_equal(values_of("{a: 1}", json_array(), &values, &message), -1);
    assert_string_equal(message, "2:25: unknown option \"a\"; the plugin p has no options");
    assert_int_equal(values_of("{}", json_array(), &values, &message), 0);
    assert_int_equal(json_object_size(values), 0);
    json_decref(values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(given_values_stand_and_others_are_defaults),
        cmocka_unit_test(what_does_not_fit_is_named_with_its_place),
        cmocka_unit_test(a_plugin_without_options_takes_none),
    };

    return cmocka_run_group_tests_name("manifest_options", tests, NULL, NULL);
}
