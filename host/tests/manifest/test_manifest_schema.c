/* SPDX-License-Identifier: Apache-2.0 */
/* The manual page and the JSON schema say what the table of keys says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "manifest/schema.h"

#define MANUAL_PAGE MT_TEST_SOURCE_DIR "/../../../docs/migtest-manifest.5"

/* The tables of keys, and the sections of the manual page that describe them. */
static const struct {
    const char *section;
    const char *path; /* of keys */
} tables[] = {
    {"KEYS", ""},           {"QEMU", "qemu"},         {"QEMU", "qemu/source"},
    {"PLUGINS", "plugins"}, {"NOT KEPT", "not_kept"}, {"QUARANTINE", "quarantine"},
    {"LIMITS", "limits"},   {"HOSTS", "hosts"},
};
enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

static const struct mt_key *table_at(const char *path)
{
    MT_AUTO_FREE char *names = mt_text_copy(path);
    const struct mt_key *keys = mt_manifest_keys;
    char *rest = NULL;

    for (char *name = strtok_r(names, "/", &rest); name != NULL;
         name = strtok_r(NULL, "/", &rest)) {
        while (strcmp(keys->name, name) != 0) {
            keys++;
        }
        keys = keys->keys;
    }
    return keys;
}

static int load_page(void **state)
{
    char *page = NULL;
    int result = mt_file_read(MANUAL_PAGE, 1 << 20, &page, NULL, NULL);

    *state = page;
    return result;
}

static int free_page(void **state)
{
    free(*state);
    return 0;
}

static char *section_of(const char *page, const char *name)
{
    MT_AUTO_FREE char *heading = mt_text("\n.SH %s\n", name);
    const char *start = strstr(page, heading);

    assert_non_null(start);
    const char *end = strstr(start + strlen(heading), "\n.SH ");
    return mt_text("%.*s", (int)(end - start), start);
}

/* The paragraph of a key as a reader sees it: without markup, and in one line. */
static char *paragraph_of(const char *section, const char *key)
{
    MT_AUTO_FREE char *heading = mt_text("\n.TP\n.B %s\n", key);
    const char *start = strstr(section, heading);
    char *paragraph = mt_text_copy("");

    if (start == NULL) {
        fail_msg("migtest-manifest.5 lacks %s", key);
        return paragraph;
    }
    for (start += strlen(heading); *start != '\0' && strncmp(start, "\n.", 2) != 0; start++) {
        if (*start != '\\') {
            mt_text_append(&paragraph, "%c", *start == '\n' ? ' ' : *start);
        }
    }
    return paragraph;
}

static void manual_page_describes_every_key(void **state)
{
    for (size_t i = 0; i < TABLES; i++) {
        MT_AUTO_FREE char *section = section_of(*state, tables[i].section);
        for (const struct mt_key *key = table_at(tables[i].path); key->name != NULL; key++) {
            MT_AUTO_FREE char *description = mt_key_description(key);
            MT_AUTO_FREE char *paragraph = paragraph_of(section, key->name);
            if (strncmp(paragraph, description, strlen(description)) != 0) {
                fail_msg("migtest-manifest.5, %s: expected \"%s\", got \"%s\"", key->name,
                         description, paragraph);
            }
        }
    }
}

static void manual_page_has_no_other_keys(void **state)
{
    static const char heading[] = "\n.TP\n.B ";
    size_t described = 0;
    size_t keys = 0;

    for (const char *at = *state; (at = strstr(at, heading)) != NULL; at++) {
        described++;
    }
    for (size_t i = 0; i < TABLES; i++) {
        for (const struct mt_key *key = table_at(tables[i].path); key->name != NULL; key++) {
            keys++;
        }
    }
    assert_int_equal(described, keys);
}

static void schema_of(const char *key, const char *expected)
{
    json_t *schema = mt_manifest_schema();
    json_t *property = json_object_get(json_object_get(schema, "properties"), key);

    json_object_del(property, "description");
    MT_AUTO_FREE char *text = json_dumps(property, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, expected);
    json_decref(schema);
}

static void schema_has_types_limits_words_and_defaults(void **state)
{
    (void)state;
    schema_of("version", "{\"const\":1}");
    schema_of("cpu", "{\"default\":\"qemu64\",\"minLength\":1,\"type\":[\"string\",\"number\"]}");
    schema_of("smp", "{\"default\":1,\"maximum\":255,\"minimum\":1,\"type\":\"integer\"}");
    schema_of("slow", "{\"default\":false,\"type\":\"boolean\"}");
    schema_of("hold", "{\"default\":\"always\",\"enum\":[\"always\",\"never\"]}");
    schema_of("jobs", "{\"default\":\"auto\",\"oneOf\":[{\"enum\":[\"auto\"]},"
                      "{\"maximum\":1024,\"minimum\":1,\"type\":\"integer\"}]}");
    schema_of("ram", "{\"default\":\"150MiB\",\"pattern\":\"^[0-9]+(KiB|MiB|GiB)?$\","
                     "\"type\":[\"string\",\"integer\"]}");
    schema_of(
        "accel",
        "{\"default\":\"auto\",\"oneOf\":[{\"enum\":[\"auto\",\"tcg\",\"kvm\"]},"
        "{\"items\":{\"enum\":[\"tcg\",\"kvm\"]},\"minItems\":1,\"type\":\"array\"},"
        "{\"items\":{\"const\":\"auto\"},\"maxItems\":1,\"minItems\":1,\"type\":\"array\"}]}");
}

/* A host may change every key but those that stand at the top only. */
static void schema_lets_hosts_change_all_other_keys(void **state)
{
    json_t *schema = mt_manifest_schema();
    json_t *hosts = json_object_get(json_object_get(schema, "properties"), "hosts");
    json_t *entry = json_object_get(json_object_get(hosts, "items"), "properties");

    (void)state;
    for (const struct mt_key *key = mt_manifest_keys; key->name != NULL; key++) {
        bool at_top = strcmp(key->name, "version") == 0 || strcmp(key->name, "hosts") == 0;
        assert_int_equal(json_object_get(entry, key->name) == NULL, at_top);
    }
    assert_non_null(json_object_get(entry, "match"));
    json_decref(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manual_page_describes_every_key),
        cmocka_unit_test(manual_page_has_no_other_keys),
        cmocka_unit_test(schema_has_types_limits_words_and_defaults),
        cmocka_unit_test(schema_lets_hosts_change_all_other_keys),
    };

    return cmocka_run_group_tests_name("manifest_schema", tests, load_page, free_page);
}
