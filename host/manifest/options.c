/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the options of a plugin in a manifest against the options that the plugin declares. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/suggest.h"
#include "manifest/manifest.h"
#include "manifest/values.h"

static int option_fail_unknown(const struct mt_manifest *manifest,
                               const struct mt_manifest_plugin *plugin, const json_t *declared,
                               const struct mt_yaml *key, struct mt_error *error)
{
    struct mt_strings names = {0};
    size_t index;
    json_t *option;

    json_array_foreach (declared, index, option) {
        mt_strings_add(&names, "%s", mt_json_text(option, "name"));
    }
    if (names.count == 0) {
        return mt_yaml_fail(&manifest->file, key, error,
                            "unknown option \"%.60s\"; the plugin %s has no options", key->text,
                            plugin->name);
    }
    MT_AUTO_FREE char *suggestion = mt_suggestion(key->text, (const char *const *)names.items);
    mt_strings_clear(&names);
    return mt_yaml_fail(&manifest->file, key, error,
                        "unknown option \"%.60s\"; expected one that the plugin %s declares%s",
                        key->text, plugin->name, suggestion);
}

static int option_fail_type(const struct mt_manifest *manifest, const json_t *option,
                            const struct mt_yaml *node, const char *expected,
                            struct mt_error *error)
{
    if (node->kind == MT_YAML_SCALAR) {
        return mt_yaml_fail(&manifest->file, node, error, "option %s is \"%.60s\"; expected %s",
                            mt_json_text(option, "name"), node->text, expected);
    }
    return mt_yaml_fail(&manifest->file, node, error, "option %s is a %s; expected %s",
                        mt_json_text(option, "name"), mt_yaml_kind_name(node), expected);
}

static int option_read_int(const struct mt_manifest *manifest, const json_t *option,
                           const struct mt_yaml *node, json_t **ret_value, struct mt_error *error)
{
    json_t *minimum = json_object_get(option, "min");
    json_t *maximum = json_object_get(option, "max");
    int64_t value;

    if (node->kind != MT_YAML_SCALAR || node->quoted || mt_parse_int(node->text, &value) < 0) {
        return option_fail_type(manifest, option, node, "a whole number", error);
    }
    if (minimum != NULL && maximum != NULL &&
        (value < json_integer_value(minimum) || value > json_integer_value(maximum))) {
        return mt_yaml_fail(&manifest->file, node, error,
                            "option %s is %" PRId64 "; expected between %" JSON_INTEGER_FORMAT
                            " and %" JSON_INTEGER_FORMAT,
                            mt_json_text(option, "name"), value, json_integer_value(minimum),
                            json_integer_value(maximum));
    }
    *ret_value = json_integer(value);
    return 0;
}

static int option_read(const struct mt_manifest *manifest, const json_t *option,
                       const struct mt_yaml *node, json_t **ret_value, struct mt_error *error)
{
    const char *type = mt_json_text(option, "type");
    bool flag;

    if (strcmp(type, "int") == 0) {
        return option_read_int(manifest, option, node, ret_value, error);
    }
    if (strcmp(type, "bool") == 0) {
        if (node->kind != MT_YAML_SCALAR || node->quoted || mt_parse_bool(node->text, &flag) < 0) {
            return option_fail_type(manifest, option, node, mt_bool_expected(node), error);
        }
        *ret_value = json_boolean(flag);
        return 0;
    }
    if (node->kind != MT_YAML_SCALAR || mt_yaml_is_null(node)) {
        return option_fail_type(manifest, option, node, "text", error);
    }
    *ret_value = json_string(node->text);
    return 0;
}

static json_t *option_defaults(const json_t *declared)
{
    json_t *values = json_object();
    size_t index;
    json_t *option;

    json_array_foreach (declared, index, option) {
        json_object_set(values, mt_json_text(option, "name"), json_object_get(option, "default"));
    }
    return values;
}

int mt_manifest_options(const struct mt_manifest *manifest, const struct mt_manifest_plugin *plugin,
                        const json_t *declared, json_t **ret_values, struct mt_error *error)
{
    const struct mt_yaml *given = plugin->options;
    json_t *values = option_defaults(declared);
    int result = 0;

    for (size_t i = 0; result == 0 && given != NULL && i < given->count; i++) {
        const struct mt_yaml *key = given->keys[i];
        const json_t *option = mt_json_find_named(declared, key->text);
        json_t *value = NULL;
        result = option == NULL ? option_fail_unknown(manifest, plugin, declared, key, error)
                                : option_read(manifest, option, given->items[i], &value, error);
        if (result == 0) {
            json_object_set_new(values, key->text, value);
        }
    }
    if (result < 0) {
        json_decref(values);
        return -1;
    }
    *ret_values = values;
    return 0;
}
