/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "base/text.h"
#include "manifest/manifest.h"
#include "manifest/values.h"

static int key_fail_type(const struct mt_key_reader *reader, const struct mt_key *key,
                         const struct mt_yaml *node, const char *expected)
{
    if (node->kind == MT_YAML_SCALAR) {
        return mt_yaml_fail(reader->file, node, reader->error, "%s is \"%.60s\"; expected %s",
                            key->name, node->text, expected);
    }
    return mt_yaml_fail(reader->file, node, reader->error, "%s is a %s; expected %s", key->name,
                        mt_yaml_kind_name(node), expected);
}

static int key_check_word(const struct mt_key_reader *reader, const struct mt_key *key,
                          const struct mt_yaml *node)
{
    MT_AUTO_FREE char *all = NULL;

    if (key->words == NULL) {
        return 0;
    }
    for (const char *const *word = key->words; *word != NULL; word++) {
        if (strcmp(*word, node->text) == 0) {
            return 0;
        }
        mt_text_append_item(&all, ", ", "%s", *word);
    }
    MT_AUTO_FREE char *suggestion = mt_suggestion(node->text, key->words);
    return mt_yaml_fail(reader->file, node, reader->error, "%s is \"%.60s\"; expected one of %s%s",
                        key->name, node->text, all, suggestion);
}

static int key_check_range(const struct mt_key_reader *reader, const struct mt_key *key,
                           const struct mt_yaml *node, int64_t value)
{
    if (value >= key->minimum && value <= key->maximum) {
        return 0;
    }
    MT_AUTO_FREE char *minimum = mt_key_number_text(key, key->minimum);
    MT_AUTO_FREE char *maximum = mt_key_number_text(key, key->maximum);
    return mt_yaml_fail(reader->file, node, reader->error,
                        "%s is %.60s; expected between %s and %s", key->name, node->text, minimum,
                        maximum);
}

static int key_read_constant(const struct mt_key_reader *reader, const struct mt_key *key,
                             const struct mt_yaml *node)
{
    if (node->kind != MT_YAML_SCALAR) {
        return key_fail_type(reader, key, node, key->fallback);
    }
    if (node->quoted || strcmp(node->text, key->fallback) != 0) {
        return mt_yaml_fail(reader->file, node, reader->error, "%s is %.60s; expected %s%s",
                            key->name, node->text, key->fallback,
                            node->quoted ? " without quotes" : "");
    }
    return 0;
}

static int key_read_text(const struct mt_key_reader *reader, const struct mt_key *key,
                         const struct mt_yaml *node, const char **text)
{
    if (node->kind != MT_YAML_SCALAR || node->text[0] == '\0' || mt_yaml_is_null(node)) {
        return key_fail_type(reader, key, node, key->words != NULL ? "a word" : "text");
    }
    *text = node->text;
    return key_check_word(reader, key, node);
}

static int key_read_date(const struct mt_key_reader *reader, const struct mt_key *key,
                         const struct mt_yaml *node, const char **text)
{
    if (node->kind == MT_YAML_SCALAR && !mt_date_is_possible(node->text)) {
        return key_fail_type(reader, key, node, "a date such as 2027-03-01");
    }
    return key_read_text(reader, key, node, text);
}

static int key_read_int(const struct mt_key_reader *reader, const struct mt_key *key,
                        const struct mt_yaml *node, int64_t *value)
{
    if (key->words != NULL && node->kind == MT_YAML_SCALAR &&
        strcmp(node->text, key->words[0]) == 0) {
        *value = 0;
        return 0;
    }
    if (node->kind != MT_YAML_SCALAR || node->quoted || mt_parse_int(node->text, value) < 0) {
        return key_fail_type(reader, key, node,
                             node->quoted ? "a whole number without quotes" : "a whole number");
    }
    return key_check_range(reader, key, node, *value);
}

static int key_read_bool(const struct mt_key_reader *reader, const struct mt_key *key,
                         const struct mt_yaml *node, bool *value)
{
    if (node->kind != MT_YAML_SCALAR || node->quoted || mt_parse_bool(node->text, value) < 0) {
        return key_fail_type(reader, key, node, mt_bool_expected(node));
    }
    return 0;
}

static int key_read_choice(const struct mt_key_reader *reader, const struct mt_key *key,
                           const struct mt_yaml *node, bool *value)
{
    const char *word = "";
    int result = key_read_text(reader, key, node, &word);

    *value = strcmp(word, key->words[0]) == 0;
    return result;
}

static int key_read_size(const struct mt_key_reader *reader, const struct mt_key *key,
                         const struct mt_yaml *node, int64_t *value)
{
    if (node->kind != MT_YAML_SCALAR || mt_parse_size(node->text, value) < 0) {
        return key_fail_type(reader, key, node, "a size such as 150MiB or 4GiB");
    }
    return key_check_range(reader, key, node, *value);
}

static int key_read_duration(const struct mt_key_reader *reader, const struct mt_key *key,
                             const struct mt_yaml *node, int64_t *value)
{
    if (node->kind != MT_YAML_SCALAR || mt_parse_duration(node->text, value) < 0) {
        return key_fail_type(reader, key, node, "a time such as 60s or 2m");
    }
    return key_check_range(reader, key, node, *value);
}

/* A list replaces the whole default list. */
static int key_read_list(const struct mt_key_reader *reader, const struct mt_key *key,
                         const struct mt_yaml *node, struct mt_strings *strings)
{
    mt_strings_clear(strings);
    if (node->kind != MT_YAML_SEQUENCE) {
        return key_fail_type(reader, key, node, "a list of texts");
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct mt_yaml *item = node->items[i];
        if (item->kind != MT_YAML_SCALAR || mt_yaml_is_null(item)) {
            return key_fail_type(reader, key, item, "a list of texts");
        }
        if (key_check_word(reader, key, item) < 0) {
            return -1;
        }
        mt_strings_add(strings, "%s", item->text);
    }
    return 0;
}

static int key_read_folders(const struct mt_key_reader *reader, const struct mt_key *key,
                            const struct mt_yaml *node, struct mt_strings *folders)
{
    if (key_read_list(reader, key, node, folders) < 0) {
        return -1;
    }
    for (size_t i = 0; i < folders->count; i++) {
        if (folders->items[i][0] == '\0') {
            return mt_yaml_fail(reader->file, node->items[i], reader->error,
                                "%s has an empty entry; expected a folder", key->name);
        }
    }
    return 0;
}

static int key_read_preference(const struct mt_key_reader *reader, const struct mt_key *key,
                               const struct mt_yaml *node, struct mt_strings *words)
{
    if (node->kind == MT_YAML_SCALAR) {
        mt_strings_clear(words);
        mt_strings_add(words, "%s", node->text);
        return key_check_word(reader, key, node);
    }
    if (key_read_list(reader, key, node, words) < 0) {
        return -1;
    }
    if (words->count == 0) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "%s is an empty list; expected at least one name", key->name);
    }
    if (words->count > 1 && mt_strings_contain(words, key->words[0])) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "%s has \"%s\" among other names; expected it alone", key->name,
                            key->words[0]);
    }
    return 0;
}

static int key_read_env(const struct mt_key_reader *reader, const struct mt_key *key,
                        const struct mt_yaml *node, struct mt_strings *env)
{
    mt_strings_clear(env);
    if (node->kind != MT_YAML_MAPPING) {
        return key_fail_type(reader, key, node, "a mapping of names to texts");
    }
    for (size_t i = 0; i < node->count; i++) {
        const char *name = node->keys[i]->text;
        if (name[0] == '\0' || strchr(name, '=') != NULL) {
            return key_fail_type(reader, key, node->keys[i], "a name without \"=\"");
        }
        if (node->items[i]->kind != MT_YAML_SCALAR || mt_yaml_is_null(node->items[i])) {
            return key_fail_type(reader, key, node->items[i], "text behind each name");
        }
        mt_strings_add(env, "%s=%s", name, node->items[i]->text);
    }
    return 0;
}

/* Reads a mapping below a key. Messages name all keys of such a mapping. */
static int key_read_mapping(const struct mt_key_reader *reader, const struct mt_key *key,
                            const struct mt_yaml *node, void *target)
{
    MT_AUTO_FREE char *names = NULL;

    for (const struct mt_key *inner = key->keys; inner->name != NULL; inner++) {
        mt_text_append_item(&names, ", ", "%s", inner->name);
    }
    MT_AUTO_FREE char *noun = mt_text("%s (%s)", key->noun, names);
    return mt_keys_read(reader, node, noun, key->keys, target);
}

static int key_read_qemu(const struct mt_key_reader *reader, const struct mt_key *key,
                         const struct mt_yaml *node, struct mt_manifest_qemu *qemu)
{
    if (node->kind == MT_YAML_SCALAR && node->text[0] != '\0' && !mt_yaml_is_null(node)) {
        qemu->place = node;
        return key_read_text(reader, &key->keys[0], node, &qemu->binary);
    }
    qemu->place = mt_yaml_get(node, "binary");
    return key_read_mapping(reader, key, node, qemu);
}

static int key_check_presence(const struct mt_key_reader *reader, const struct mt_key *key,
                              const struct mt_yaml *entry)
{
    const struct mt_key *alternatives[2] = {NULL, NULL};
    const struct mt_yaml *values[2] = {NULL, NULL};
    size_t count = 0;

    for (const struct mt_key *inner = key->keys; inner->name != NULL; inner++) {
        const struct mt_yaml *value = mt_yaml_get(entry, inner->name);
        if (inner->presence == MT_KEY_REQUIRED && value == NULL) {
            return mt_yaml_fail(reader->file, entry, reader->error, "%s without %s; expected one",
                                key->noun, inner->name);
        }
        if (inner->presence == MT_KEY_ALTERNATIVE && count < 2) {
            alternatives[count] = inner;
            values[count++] = value;
        }
    }
    if (count == 2 && (values[0] == NULL) == (values[1] == NULL)) {
        const char *format = values[0] == NULL ? "%s without %s or %s; expected one of them"
                                               : "%s with both %s and %s; expected one of them";
        return mt_yaml_fail(reader->file, values[1] != NULL ? values[1] : entry, reader->error,
                            format, key->noun, alternatives[0]->name, alternatives[1]->name);
    }
    return 0;
}

/* The entries stay YAML. Their keys are texts, which are read to be checked. */
static int key_read_entries(const struct mt_key_reader *reader, const struct mt_key *key,
                            const struct mt_yaml *node, const struct mt_yaml **entries)
{
    if (node->kind != MT_YAML_SEQUENCE) {
        return mt_yaml_fail(reader->file, node, reader->error, "%s is a %s; expected a list",
                            key->name, mt_yaml_kind_name(node));
    }
    for (size_t i = 0; i < node->count; i++) {
        const char *text;
        if (key_read_mapping(reader, key, node->items[i], &text) < 0 ||
            key_check_presence(reader, key, node->items[i]) < 0) {
            return -1;
        }
    }
    *entries = node;
    return 0;
}

static int key_read_options(const struct mt_key_reader *reader, const struct mt_key *key,
                            const struct mt_yaml *node, const struct mt_yaml **options)
{
    if (mt_yaml_is_null(node)) {
        return 0;
    }
    if (node->kind != MT_YAML_MAPPING) {
        return mt_yaml_fail(reader->file, node, reader->error, "%s is a %s; expected a mapping",
                            key->name, mt_yaml_kind_name(node));
    }
    *options = node;
    return 0;
}

static int key_read_plugin(const struct mt_key_reader *reader, const struct mt_key *key,
                           const struct mt_yaml *name, const struct mt_yaml *node,
                           struct mt_manifest_plugin *plugin)
{
    if (!mt_plugin_name_is_possible(name->text)) {
        return mt_yaml_fail(reader->file, name, reader->error,
                            "\"%.60s\" cannot be a plugin's name; expected lower-case letters, "
                            "digits, \"_\" and \"-\", at most 64",
                            name->text);
    }
    plugin->name = name->text;
    plugin->place = name;
    mt_keys_set_defaults(key->keys, plugin);
    /* "precopy:" and "precopy: {}" mean the same. */
    return mt_yaml_is_null(node) ? 0 : key_read_mapping(reader, key, node, plugin);
}

static int key_read_plugins(const struct mt_key_reader *reader, const struct mt_key *key,
                            const struct mt_yaml *node, struct mt_manifest *manifest)
{
    if (node->kind != MT_YAML_MAPPING) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "%s is a %s; expected a mapping of names", key->name,
                            mt_yaml_kind_name(node));
    }
    manifest->plugins = mt_alloc(node->count, sizeof(*manifest->plugins));
    for (size_t i = 0; i < node->count; i++) {
        struct mt_manifest_plugin *plugin = &manifest->plugins[manifest->plugin_count++];
        if (key_read_plugin(reader, key, node->keys[i], node->items[i], plugin) < 0) {
            return -1;
        }
    }
    return 0;
}

static int key_read_value(const struct mt_key_reader *reader, const struct mt_key *key,
                          const struct mt_yaml *node, void *member)
{
    switch (key->type) {
    case MT_KEY_CONSTANT:
        return key_read_constant(reader, key, node);
    case MT_KEY_TEXT:
        return key_read_text(reader, key, node, member);
    case MT_KEY_DATE:
        return key_read_date(reader, key, node, member);
    case MT_KEY_INT:
        return key_read_int(reader, key, node, member);
    case MT_KEY_BOOL:
        return key_read_bool(reader, key, node, member);
    case MT_KEY_CHOICE:
        return key_read_choice(reader, key, node, member);
    case MT_KEY_SIZE:
        return key_read_size(reader, key, node, member);
    case MT_KEY_DURATION:
        return key_read_duration(reader, key, node, member);
    case MT_KEY_LIST:
        return key_read_list(reader, key, node, member);
    case MT_KEY_FOLDERS:
        return key_read_folders(reader, key, node, member);
    case MT_KEY_PREFERENCE:
        return key_read_preference(reader, key, node, member);
    case MT_KEY_ENV:
        return key_read_env(reader, key, node, member);
    case MT_KEY_MAPPING:
        return key_read_mapping(reader, key, node, member);
    case MT_KEY_QEMU:
        return key_read_qemu(reader, key, node, member);
    case MT_KEY_ENTRIES:
        return key_read_entries(reader, key, node, member);
    case MT_KEY_OPTIONS:
        return key_read_options(reader, key, node, member);
    case MT_KEY_PLUGINS:
        return key_read_plugins(reader, key, node, member);
    case MT_KEY_HOSTS:
        return 0;
    }
    abort();
}

static int key_fail_unknown(const struct mt_key_reader *reader, const struct mt_yaml *name,
                            const char *noun, const struct mt_key *keys)
{
    struct mt_strings names = {0};

    for (; keys->name != NULL; keys++) {
        mt_strings_add(&names, "%s", keys->name);
    }
    MT_AUTO_FREE char *suggestion = mt_suggestion(name->text, (const char *const *)names.items);
    mt_strings_clear(&names);
    return mt_yaml_fail(reader->file, name, reader->error,
                        "unknown key \"%.60s\"; expected a key of %s%s", name->text, noun,
                        suggestion);
}

static const struct mt_key *key_find(const struct mt_key *keys, const char *name)
{
    for (; keys->name != NULL; keys++) {
        if (strcmp(keys->name, name) == 0) {
            return keys;
        }
    }
    return NULL;
}

int mt_keys_read(const struct mt_key_reader *reader, const struct mt_yaml *node, const char *noun,
                 const struct mt_key *keys, void *target)
{
    if (node->kind != MT_YAML_MAPPING) {
        return mt_yaml_fail(reader->file, node, reader->error, "a %s; expected %s, a mapping",
                            mt_yaml_kind_name(node), noun);
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct mt_key *key = key_find(keys, node->keys[i]->text);
        if (key == NULL) {
            return key_fail_unknown(reader, node->keys[i], noun, keys);
        }
        if (key_read_value(reader, key, node->items[i], (char *)target + key->offset) < 0 ||
            (key->check != NULL && key->check(reader, node->items[i], target) < 0)) {
            return -1;
        }
    }
    return 0;
}

/* A default value is read as if a manifest had it. A row with a wrong one ends the program. */
void mt_keys_set_defaults(const struct mt_key *keys, void *target)
{
    const struct mt_key_reader reader = {0};

    for (const struct mt_key *key = keys; key->name != NULL; key++) {
        void *member = (char *)target + key->offset;
        const struct mt_yaml node = {.kind = MT_YAML_SCALAR, .text = key->fallback};
        if (key->type == MT_KEY_MAPPING || key->type == MT_KEY_QEMU) {
            mt_keys_set_defaults(key->keys, member);
        } else if (key->fallback != NULL) {
            if (key_read_value(&reader, key, &node, member) < 0) {
                abort();
            }
        } else if (key->type == MT_KEY_TEXT) {
            *(const char **)member = "";
        }
    }
}
