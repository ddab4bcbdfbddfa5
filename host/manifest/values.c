/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "base/text.h"

struct unit {
    const char *name;
    int64_t factor;
};

static int wrong_type(const struct mt_value_reader *reader, const struct mt_key *key,
                      const struct mt_yaml *node, const char *expected)
{
    if (node->kind == MT_YAML_SCALAR) {
        return mt_yaml_fail(reader->file, node, reader->error, "%s is \"%.60s\"; expected %s",
                            key->name, node->text, expected);
    }
    return mt_yaml_fail(reader->file, node, reader->error, "%s is a %s; expected %s", key->name,
                        mt_yaml_kind_name(node), expected);
}

static void *place(const struct mt_key *key, void *target)
{
    return (char *)target + key->offset;
}

static int unknown_key(const struct mt_value_reader *reader, const struct mt_yaml *key_node,
                       const char *what, const struct mt_key *keys)
{
    struct mt_strings names = {0};

    for (; keys->name != NULL; keys++) {
        mt_strings_add(&names, "%s", keys->name);
    }
    MT_AUTO_FREE char *suggestion = mt_suggestion(key_node->text, (const char *const *)names.items);
    mt_strings_clear(&names);
    return mt_yaml_fail(reader->file, key_node, reader->error,
                        "unknown key \"%.60s\"; expected a key of %s%s", key_node->text, what,
                        suggestion);
}

static const struct mt_key *find_key(const struct mt_key *keys, const char *name)
{
    for (; keys->name != NULL; keys++) {
        if (strcmp(keys->name, name) == 0) {
            return keys;
        }
    }
    return NULL;
}

int mt_read_mapping(const struct mt_value_reader *reader, const struct mt_yaml *node,
                    const char *what, const struct mt_key *keys, void *target)
{
    if (node->kind != MT_YAML_MAPPING) {
        return mt_yaml_fail(reader->file, node, reader->error, "a %s; expected %s, a mapping",
                            mt_yaml_kind_name(node), what);
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct mt_key *key = find_key(keys, node->keys[i]->text);
        if (key == NULL) {
            return unknown_key(reader, node->keys[i], what, keys);
        }
        if (key->read(reader, key, node->items[i], target) < 0) {
            return -1;
        }
    }
    return 0;
}

static int check_word(const struct mt_value_reader *reader, const struct mt_key *key,
                      const struct mt_yaml *node)
{
    if (key->words == NULL) {
        return 0;
    }
    MT_AUTO_FREE char *all = mt_text_copy("");
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

int mt_read_string(const struct mt_value_reader *reader, const struct mt_key *key,
                   const struct mt_yaml *node, void *target)
{
    if (node->kind != MT_YAML_SCALAR || node->text[0] == '\0' || mt_yaml_is_null(node)) {
        return wrong_type(reader, key, node, key->words != NULL ? "a word" : "text");
    }
    if (check_word(reader, key, node) < 0) {
        return -1;
    }
    *(const char **)place(key, target) = node->text;
    return 0;
}

int mt_parse_int(const char *text, int64_t *ret_value)
{
    char *end;

    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0') {
        return -1;
    }
    *ret_value = value;
    return 0;
}

static char *plain_text(int64_t value)
{
    return mt_text("%" PRId64, value);
}

static int check_range(const struct mt_value_reader *reader, const struct mt_key *key,
                       const struct mt_yaml *node, int64_t value, char *(*show)(int64_t value))
{
    if (value >= key->minimum && value <= key->maximum) {
        return 0;
    }
    MT_AUTO_FREE char *minimum = show(key->minimum);
    MT_AUTO_FREE char *maximum = show(key->maximum);
    return mt_yaml_fail(reader->file, node, reader->error,
                        "%s is %.60s; expected between %s and %s", key->name, node->text, minimum,
                        maximum);
}

int mt_read_int(const struct mt_value_reader *reader, const struct mt_key *key,
                const struct mt_yaml *node, void *target)
{
    int64_t value;

    if (node->kind != MT_YAML_SCALAR || node->quoted || mt_parse_int(node->text, &value) < 0) {
        return wrong_type(reader, key, node,
                          node->quoted ? "a whole number without quotes" : "a whole number");
    }
    *(int64_t *)place(key, target) = value;
    return check_range(reader, key, node, value, plain_text);
}

int mt_parse_bool(const char *text, bool *ret_value)
{
    bool is_true = strcmp(text, "true") == 0;

    if (!is_true && strcmp(text, "false") != 0) {
        return -1;
    }
    *ret_value = is_true;
    return 0;
}

/* Words that YAML once took for these, and people still write. */
const char *mt_bool_expected(const struct mt_yaml *node)
{
    static const char *const trues[] = {"yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE", "1"};
    static const char *const falses[] = {"no",  "No",    "NO",    "off", "Off",
                                         "OFF", "False", "FALSE", "0"};
    bool plain = node->kind == MT_YAML_SCALAR && !node->quoted;

    for (size_t i = 0; plain && i < sizeof(trues) / sizeof(trues[0]); i++) {
        if (strcmp(node->text, trues[i]) == 0) {
            return "true or false; did you mean \"true\"?";
        }
        if (strcmp(node->text, falses[i]) == 0) {
            return "true or false; did you mean \"false\"?";
        }
    }
    return node->quoted ? "true or false without quotes" : "true or false";
}

int mt_read_bool(const struct mt_value_reader *reader, const struct mt_key *key,
                 const struct mt_yaml *node, void *target)
{
    if (node->kind != MT_YAML_SCALAR || node->quoted ||
        mt_parse_bool(node->text, place(key, target)) < 0) {
        return wrong_type(reader, key, node, mt_bool_expected(node));
    }
    return 0;
}

static const struct unit size_units[] = {
    {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}, {NULL, 0},
};
static const struct unit duration_units[] = {
    {"h", 3600 * 1000}, {"m", 60 * 1000}, {"s", 1000}, {"ms", 1}, {NULL, 0},
};

static int parse_with_unit(const char *text, const struct unit *units, int64_t *ret_value)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') {
        return -1;
    }
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0) {
        return -1;
    }
    for (; units->name != NULL; units++) {
        if (strcmp(end, units->name) == 0) {
            return __builtin_mul_overflow(value, units->factor, ret_value) ? -1 : 0;
        }
    }
    return -1;
}

/* In the largest unit of which it is a whole number. */
static char *with_unit(int64_t value, const struct unit *units)
{
    while (value % units->factor != 0 || (value == 0 && units->factor != 1)) {
        units++;
    }
    return mt_text("%" PRId64 "%s", value / units->factor, units->name);
}

char *mt_size_text(int64_t bytes)
{
    return with_unit(bytes, size_units);
}

char *mt_duration_text(int64_t ms)
{
    return with_unit(ms, duration_units);
}

int mt_read_size(const struct mt_value_reader *reader, const struct mt_key *key,
                 const struct mt_yaml *node, void *target)
{
    int64_t value;

    if (node->kind != MT_YAML_SCALAR || parse_with_unit(node->text, size_units, &value) < 0) {
        return wrong_type(reader, key, node, "a size such as 150MiB or 4GiB");
    }
    *(int64_t *)place(key, target) = value;
    return check_range(reader, key, node, value, mt_size_text);
}

int mt_parse_size(const char *text, int64_t *ret_bytes)
{
    return parse_with_unit(text, size_units, ret_bytes);
}

int mt_parse_duration(const char *text, int64_t *ret_ms)
{
    /* A number alone is seconds, as for --timeout. */
    static const struct unit bare[] = {{"", 1000}, {NULL, 0}};

    return parse_with_unit(text, duration_units, ret_ms) == 0 ? 0
                                                              : parse_with_unit(text, bare, ret_ms);
}

int mt_read_duration(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, void *target)
{
    int64_t value;

    if (node->kind != MT_YAML_SCALAR || mt_parse_duration(node->text, &value) < 0) {
        return wrong_type(reader, key, node, "a time such as 60s or 2m");
    }
    *(int64_t *)place(key, target) = value;
    return check_range(reader, key, node, value, mt_duration_text);
}

int mt_read_strings(const struct mt_value_reader *reader, const struct mt_key *key,
                    const struct mt_yaml *node, void *target)
{
    struct mt_strings *strings = place(key, target);

    mt_strings_clear(strings);
    if (node->kind != MT_YAML_SEQUENCE) {
        return wrong_type(reader, key, node, "a list of texts");
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct mt_yaml *item = node->items[i];
        if (item->kind != MT_YAML_SCALAR || mt_yaml_is_null(item)) {
            return wrong_type(reader, key, item, "a list of texts");
        }
        if (check_word(reader, key, item) < 0) {
            return -1;
        }
        mt_strings_add(strings, "%s", item->text);
    }
    return 0;
}

int mt_read_string_or_strings(const struct mt_value_reader *reader, const struct mt_key *key,
                              const struct mt_yaml *node, void *target)
{
    if (node->kind != MT_YAML_SCALAR) {
        return mt_read_strings(reader, key, node, target);
    }
    struct mt_strings *strings = place(key, target);
    if (check_word(reader, key, node) < 0) {
        return -1;
    }
    mt_strings_clear(strings);
    mt_strings_add(strings, "%s", node->text);
    return 0;
}

int mt_read_environment(const struct mt_value_reader *reader, const struct mt_key *key,
                        const struct mt_yaml *node, void *target)
{
    struct mt_strings *strings = place(key, target);

    mt_strings_clear(strings);
    if (node->kind != MT_YAML_MAPPING) {
        return wrong_type(reader, key, node, "a mapping of names to texts");
    }
    for (size_t i = 0; i < node->count; i++) {
        const char *name = node->keys[i]->text;
        if (name[0] == '\0' || strchr(name, '=') != NULL) {
            return wrong_type(reader, key, node->keys[i], "a name without \"=\"");
        }
        if (node->items[i]->kind != MT_YAML_SCALAR || mt_yaml_is_null(node->items[i])) {
            return wrong_type(reader, key, node->items[i], "text behind each name");
        }
        mt_strings_add(strings, "%s=%s", name, node->items[i]->text);
    }
    return 0;
}
