/* SPDX-License-Identifier: Apache-2.0 */
/* What describes the manifest for editors and people says what the reader's tables say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "manifest/keys.h"

#define SOURCE_TREE MT_TEST_SOURCE_DIR "/../../.."

/* Each mapping of the manifest: its name in the tables, and where the schema has it. */
static const struct {
    const char *name;
    const char *path;
} mappings[] = {
    {"", "properties"},
    {"qemu", "properties/qemu/properties"},
    {"source", "definitions/qemu/properties"},
    {"plugins", "definitions/plugin/properties"},
    {"not_kept", "properties/not_kept/items/properties"},
    {"quarantine", "properties/quarantine/items/properties"},
    {"limits", "properties/limits/properties"},
};
enum { MAPPINGS = sizeof(mappings) / sizeof(mappings[0]) };

static int load_schema(void **state)
{
    json_error_t fault;

    *state = json_load_file(SOURCE_TREE "/config/manifest.schema.json", 0, &fault);
    if (*state == NULL) {
        fail_msg("line %d: %s", fault.line, fault.text);
    }
    return 0;
}

static int forget_schema(void **state)
{
    json_decref(*state);
    return 0;
}

static json_t *at(json_t *value, const char *path)
{
    MT_AUTO_FREE char *names = mt_text_copy(path);
    char *rest = NULL;

    for (char *name = strtok_r(names, "/", &rest); name != NULL;
         name = strtok_r(NULL, "/", &rest)) {
        value = json_object_get(value, name);
    }
    return value;
}

static size_t count_keys(const struct mt_key *keys)
{
    size_t count = 0;

    while (keys[count].name != NULL) {
        count++;
    }
    return count;
}

static void keys_are_the_same(void **state)
{
    for (size_t i = 0; i < MAPPINGS; i++) {
        const struct mt_key *keys = mt_manifest_keys(mappings[i].name);
        json_t *properties = at(*state, mappings[i].path);
        assert_non_null(keys);
        for (const struct mt_key *key = keys; key->name != NULL; key++) {
            if (json_object_get(properties, key->name) == NULL) {
                fail_msg("the schema lacks %s at %s", key->name, mappings[i].path);
            }
        }
        assert_int_equal(json_object_size(properties), count_keys(keys));
    }
}

/* A host changes all but what may stand at the top only. */
static void hosts_change_all_other_keys(void **state)
{
    const struct mt_key *keys = mt_manifest_keys("");
    json_t *entry = at(*state, "properties/hosts/items/properties");

    for (const struct mt_key *key = keys; key->name != NULL; key++) {
        bool at_top = strcmp(key->name, "version") == 0 || strcmp(key->name, "hosts") == 0;
        assert_int_equal(json_object_get(entry, key->name) == NULL, at_top);
    }
    assert_int_equal(json_object_size(entry), count_keys(keys) - 2 + 1);
}

/* An enum of the words, be it the value's own, that of its items, or one of several forms. */
static json_t *enum_of(json_t *property)
{
    json_t *one_of = json_object_get(property, "oneOf");
    json_t *own = json_object_get(property, "enum");

    if (own == NULL && one_of != NULL) {
        own = json_object_get(json_array_get(one_of, 0), "enum");
    }
    return own != NULL ? own : at(property, "items/enum");
}

static void words_and_ranges_are_the_same(void **state)
{
    size_t seen = 0;

    for (size_t i = 0; i < MAPPINGS; i++) {
        json_t *properties = at(*state, mappings[i].path);
        for (const struct mt_key *key = mt_manifest_keys(mappings[i].name); key->name != NULL;
             key++) {
            json_t *property = json_object_get(properties, key->name);
            for (size_t j = 0; key->words != NULL && key->words[j] != NULL; j++, seen++) {
                json_t *word = json_array_get(enum_of(property), j);
                assert_string_equal(json_string_value(word), key->words[j]);
                assert_int_equal(json_array_size(enum_of(property)) > j + 1,
                                 key->words[j + 1] != NULL);
            }
            if (key->read == mt_read_int) {
                assert_int_equal(json_integer_value(at(property, "minimum")), key->minimum);
                assert_int_equal(json_integer_value(at(property, "maximum")), key->maximum);
                seen++;
            }
        }
    }
    assert_true(seen > 20);
}

static void manual_page_names_every_key(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *page = NULL;

    (void)state;
    assert_int_equal(
        mt_file_read(SOURCE_TREE "/docs/migtest-manifest.5", 1 << 20, &page, NULL, &error), 0);
    for (size_t i = 0; i < MAPPINGS; i++) {
        for (const struct mt_key *key = mt_manifest_keys(mappings[i].name); key->name != NULL;
             key++) {
            MT_AUTO_FREE char *entry = mt_text("\n.B %s\n", key->name);
            if (strstr(page, entry) == NULL) {
                fail_msg("migtest-manifest.5 lacks %s", key->name);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_the_same, load_schema, forget_schema),
        cmocka_unit_test_setup_teardown(hosts_change_all_other_keys, load_schema, forget_schema),
        cmocka_unit_test_setup_teardown(words_and_ranges_are_the_same, load_schema, forget_schema),
        cmocka_unit_test(manual_page_names_every_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
