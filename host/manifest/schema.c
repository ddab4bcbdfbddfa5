/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "manifest/hosts.h"
#include "manifest/values.h"

static json_t *schema_property(const struct mt_key *key);

char *mt_key_description(const struct mt_key *key)
{
    char *text = mt_text_copy(key->about);
    MT_AUTO_FREE char *words = NULL;

    for (size_t i = 0; key->words != NULL && key->words[i] != NULL; i++) {
        mt_text_append_item(&words, ", ", "%s", key->words[i]);
    }
    if (words != NULL && key->maximum == 0) {
        mt_text_append(&text, " One of %s.", words);
    }
    if (key->maximum > 0) {
        MT_AUTO_FREE char *minimum = mt_key_number_text(key, key->minimum);
        MT_AUTO_FREE char *maximum = mt_key_number_text(key, key->maximum);
        mt_text_append(&text, " %s%s %s to %s.", words != NULL ? words : "",
                       words != NULL ? ", or from" : "From", minimum, maximum);
    }
    if (key->type == MT_KEY_CONSTANT) {
        mt_text_append(&text, " Always %s.", key->fallback);
    } else if (key->fallback != NULL) {
        mt_text_append(&text, " Default: %s.", key->fallback);
    }
    return text;
}

static json_t *schema_words(const char *const *words)
{
    json_t *list = json_array();

    for (; *words != NULL; words++) {
        json_array_append_new(list, json_string(*words));
    }
    return json_pack("{s:o}", "enum", list);
}

/* YAML reads a text such as 486 as a number. */
static json_t *schema_text(const struct mt_key *key)
{
    return key->words != NULL
               ? schema_words(key->words)
               : json_pack("{s:[s, s], s:i}", "type", "string", "number", "minLength", 1);
}

static json_t *schema_int(const struct mt_key *key)
{
    json_t *number = json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum",
                               (json_int_t)key->minimum, "maximum", (json_int_t)key->maximum);

    return key->words != NULL ? json_pack("{s:[o, o]}", "oneOf", schema_words(key->words), number)
                              : number;
}

static json_t *schema_pattern(const char *pattern)
{
    return json_pack("{s:[s, s], s:s}", "type", "string", "integer", "pattern", pattern);
}

static json_t *schema_list(json_t *items)
{
    return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *schema_any_scalar(void)
{
    return json_pack("{s:[s, s, s]}", "type", "string", "number", "boolean");
}

static json_t *schema_preference(const struct mt_key *key)
{
    json_t *several = schema_list(schema_words(key->words + 1));
    json_t *first = schema_list(json_pack("{s:s}", "const", key->words[0]));

    json_object_set_new(several, "minItems", json_integer(1));
    json_object_set_new(first, "minItems", json_integer(1));
    json_object_set_new(first, "maxItems", json_integer(1));
    return json_pack("{s:[o, o, o]}", "oneOf", schema_words(key->words), several, first);
}

static json_t *schema_mapping(const struct mt_key *keys)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    json_t *alternatives = json_array();
    json_t *schema = json_pack("{s:s, s:b, s:o}", "type", "object", "additionalProperties", false,
                               "properties", properties);

    for (const struct mt_key *key = keys; key->name != NULL; key++) {
        json_object_set_new(properties, key->name, schema_property(key));
        if (key->presence == MT_KEY_REQUIRED) {
            json_array_append_new(required, json_string(key->name));
        } else if (key->presence == MT_KEY_ALTERNATIVE) {
            json_array_append_new(alternatives, json_pack("{s:[s]}", "required", key->name));
        }
    }
    if (json_array_size(required) > 0) {
        json_object_set(schema, "required", required);
    }
    if (json_array_size(alternatives) > 0) {
        json_object_set(schema, "oneOf", alternatives);
    }
    json_decref(required);
    json_decref(alternatives);
    return schema;
}

/* An entry of hosts has keys of its own, and the keys at the top that a host may change. */
static json_t *schema_hosts(const struct mt_key *key)
{
    json_t *entry = schema_mapping(key->keys);
    json_t *list = schema_list(entry);

    for (const struct mt_key *top = mt_manifest_keys; top->name != NULL; top++) {
        if (top->type != MT_KEY_CONSTANT && top->type != MT_KEY_HOSTS) {
            json_object_set_new(json_object_get(entry, "properties"), top->name,
                                json_pack("{s:s+}", "$ref", "#/properties/", top->name));
        }
    }
    json_object_set_new(list, "maxItems", json_integer(MT_HOSTS_LIMIT));
    return list;
}

static json_t *schema_value(const struct mt_key *key)
{
    switch (key->type) {
    case MT_KEY_CONSTANT:
        return json_pack("{s:i}", "const", atoi(key->fallback));
    case MT_KEY_TEXT:
    case MT_KEY_CHOICE:
        return schema_text(key);
    case MT_KEY_DATE:
        return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    case MT_KEY_INT:
        return schema_int(key);
    case MT_KEY_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case MT_KEY_SIZE:
        return schema_pattern("^[0-9]+(KiB|MiB|GiB)?$");
    case MT_KEY_DURATION:
        return schema_pattern("^[0-9]+(ms|s|m|h)?$");
    case MT_KEY_LIST:
        return schema_list(key->words != NULL ? schema_words(key->words) : schema_any_scalar());
    case MT_KEY_FOLDERS:
        return schema_list(json_pack("{s:s, s:i}", "type", "string", "minLength", 1));
    case MT_KEY_PREFERENCE:
        return schema_preference(key);
    case MT_KEY_ENV:
        return json_pack("{s:s, s:{s:s}, s:o}", "type", "object", "propertyNames", "pattern",
                         "^[^=]+$", "additionalProperties", schema_any_scalar());
    case MT_KEY_MAPPING:
        return schema_mapping(key->keys);
    case MT_KEY_QEMU:
        return json_pack("{s:[{s:s, s:i}, o]}", "oneOf", "type", "string", "minLength", 1,
                         schema_mapping(key->keys));
    case MT_KEY_ENTRIES:
        return schema_list(schema_mapping(key->keys));
    case MT_KEY_OPTIONS:
        return json_pack("{s:[s, s]}", "type", "object", "null");
    case MT_KEY_PLUGINS:
        return json_pack("{s:s, s:{s:s}, s:{s:[{s:s}, o]}}", "type", "object", "propertyNames",
                         "pattern", "^[a-z0-9][a-z0-9_-]{0,63}$", "additionalProperties", "oneOf",
                         "type", "null", schema_mapping(key->keys));
    case MT_KEY_HOSTS:
        return schema_hosts(key);
    }
    abort();
}

static json_t *schema_default(const struct mt_key *key)
{
    int64_t number;
    bool flag;

    if (key->type == MT_KEY_INT && mt_parse_int(key->fallback, &number) == 0) {
        return json_integer(number);
    }
    if (key->type == MT_KEY_BOOL && mt_parse_bool(key->fallback, &flag) == 0) {
        return json_boolean(flag);
    }
    return json_string(key->fallback);
}

static json_t *schema_property(const struct mt_key *key)
{
    MT_AUTO_FREE char *description = mt_key_description(key);
    json_t *schema = schema_value(key);

    json_object_set_new(schema, "description", json_string(description));
    if (key->fallback != NULL && key->type != MT_KEY_CONSTANT) {
        json_object_set_new(schema, "default", schema_default(key));
    }
    return schema;
}

json_t *mt_manifest_schema(void)
{
    json_t *schema = schema_mapping(mt_manifest_keys);

    json_object_set_new(schema, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
    json_object_set_new(schema, "title", json_string("A manifest of migtest"));
    json_object_set_new(schema, "description", json_string("See migtest-manifest(5)."));
    return schema;
}
