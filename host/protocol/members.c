/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/members.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"

static json_t *encode_text(const struct mt_member *member, const char *text)
{
    if (member->clean && text != NULL) {
        MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));
        return json_string(clean);
    }
    return json_string(text);
}

static json_t *encode_texts(const struct mt_member *member, const char *const *texts)
{
    json_t *list = json_array();

    for (; texts != NULL && *texts != NULL; texts++) {
        json_array_append_new(list, encode_text(member, *texts));
    }
    return list;
}

/* NULL: the member is NULL, or a text that JSON cannot hold. */
static json_t *encode_member(const struct mt_member *member, const void *value)
{
    switch (member->type) {
    case MT_MEMBER_TEXT:
        return encode_text(member, *(const char *const *)value);
    case MT_MEMBER_TEXTS:
        return encode_texts(member, *(const char *const *const *)value);
    case MT_MEMBER_WHOLE:
        return json_integer(*(const int64_t *)value);
    case MT_MEMBER_REAL:
        return json_real(*(const double *)value);
    case MT_MEMBER_BOOL:
        return json_boolean(*(const bool *)value);
    case MT_MEMBER_JSON:
        return json_incref(*(json_t *const *)value);
    case MT_MEMBER_STRUCT:
        return mt_members_encode(&member->nested, value);
    }
    return NULL;
}

static bool is_absent(const struct mt_member *member, const void *value)
{
    switch (member->type) {
    case MT_MEMBER_WHOLE:
        return *(const int64_t *)value == 0;
    case MT_MEMBER_REAL:
        return *(const double *)value == 0;
    case MT_MEMBER_BOOL:
        return !*(const bool *)value;
    case MT_MEMBER_STRUCT:
        return false;
    case MT_MEMBER_TEXT:
    case MT_MEMBER_TEXTS:
    case MT_MEMBER_JSON:
        break;
    }
    return *(const void *const *)value == NULL;
}

static void encode_into(json_t *json, const struct mt_members *members, const void *object)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct mt_member *member = &members->items[i];
        const void *value = (const char *)object + member->offset;
        if (member->optional && is_absent(member, value)) {
            continue;
        }
        json_t *encoded = encode_member(member, value);
        json_object_set_new(json, member->name, encoded != NULL ? encoded : json_null());
    }
}

json_t *mt_members_encode(const struct mt_members *members, const void *object)
{
    json_t *json = json_object();

    encode_into(json, members, object);
    return json;
}

static bool decode_texts(const json_t *list, const char *const **ret_texts)
{
    const char **texts = mt_alloc(json_array_size(list) + 1, sizeof(*texts));
    bool good = json_is_array(list);

    for (size_t i = 0; i < json_array_size(list) && good; i++) {
        texts[i] = mt_text_copy(json_string_value(json_array_get(list, i)));
        good = texts[i] != NULL;
    }
    *ret_texts = texts;
    return good;
}

/* False: the JSON value is of another type. */
static bool decode_value(const struct mt_member *member, const json_t *json, void *value)
{
    switch (member->type) {
    case MT_MEMBER_TEXT:
        *(char **)value = mt_text_copy(json_string_value(json));
        return json_is_string(json);
    case MT_MEMBER_TEXTS:
        return decode_texts(json, value);
    case MT_MEMBER_WHOLE:
        *(int64_t *)value = json_integer_value(json);
        return json_is_integer(json);
    case MT_MEMBER_REAL:
        *(double *)value = json_number_value(json);
        return json_is_number(json);
    case MT_MEMBER_BOOL:
        *(bool *)value = json_is_true(json);
        return json_is_boolean(json);
    case MT_MEMBER_JSON:
        *(json_t **)value = json_is_null(json) ? NULL : json_incref((json_t *)(uintptr_t)json);
        return true;
    case MT_MEMBER_STRUCT:
        break;
    }
    return false;
}

static const char *type_name(enum mt_member_type type)
{
    static const char *const names[] = {
        [MT_MEMBER_TEXT] = "a text",          [MT_MEMBER_TEXTS] = "a list of texts",
        [MT_MEMBER_WHOLE] = "a whole number", [MT_MEMBER_REAL] = "a number",
        [MT_MEMBER_BOOL] = "true or false",   [MT_MEMBER_JSON] = "a value",
        [MT_MEMBER_STRUCT] = "an object",
    };

    return names[type];
}

static int decode_struct(const struct mt_member *member, json_t *json, const char *name,
                         void *value, struct mt_error *error)
{
    MT_AUTO_FREE char *own_name = mt_text("%s's %s", name, member->name);

    if (mt_members_decode(&member->nested, json, own_name, value, error) < 0) {
        return -1;
    }
    return mt_members_end(json, own_name, error);
}

static int decode_member(const struct mt_member *member, json_t *json, const char *name,
                         void *value, struct mt_error *error)
{
    if (member->type == MT_MEMBER_STRUCT && json_is_object(json)) {
        return decode_struct(member, json, name, value, error);
    }
    if (!decode_value(member, json, value)) {
        return mt_fail(error, "%s's %s is not %s", name, member->name, type_name(member->type));
    }
    return 0;
}

int mt_members_decode(const struct mt_members *members, json_t *json, const char *name,
                      void *object, struct mt_error *error)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct mt_member *member = &members->items[i];
        json_t *value = json_object_get(json, member->name);
        if (value == NULL && member->optional) {
            continue;
        }
        if (value == NULL) {
            return mt_fail(error, "%s has no %s", name, member->name);
        }
        if (decode_member(member, value, name, (char *)object + member->offset, error) < 0) {
            return -1;
        }
        json_object_del(json, member->name);
    }
    return 0;
}

int mt_members_end(const json_t *json, const char *name, struct mt_error *error)
{
    void *left = json_object_iter((json_t *)(uintptr_t)json);

    return left == NULL ? 0
                        : mt_fail(error, "%s has an unknown %s", name, json_object_iter_key(left));
}

static void clear_texts(const char *const **texts)
{
    for (const char *const *text = *texts; text != NULL && *text != NULL; text++) {
        free((char *)(uintptr_t)*text);
    }
    free((void *)(uintptr_t)*texts);
    *texts = NULL;
}

void mt_members_clear(const struct mt_members *members, void *object)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct mt_member *member = &members->items[i];
        void *value = (char *)object + member->offset;
        switch (member->type) {
        case MT_MEMBER_TEXT:
            free(mt_take_pointer(*(char **)value));
            break;
        case MT_MEMBER_TEXTS:
            clear_texts(value);
            break;
        case MT_MEMBER_JSON:
            json_decref(mt_take_pointer(*(json_t **)value));
            break;
        case MT_MEMBER_STRUCT:
            mt_members_clear(&member->nested, value);
            break;
        case MT_MEMBER_WHOLE:
        case MT_MEMBER_REAL:
        case MT_MEMBER_BOOL:
            break;
        }
    }
}

json_t *mt_kinds_encode(const struct mt_kinds *kinds, size_t kind, const void *message)
{
    json_t *json = json_object();

    json_object_set_new(json, "kind", json_string(kinds->items[kind].name));
    encode_into(json, &kinds->common, message);
    encode_into(json, &kinds->items[kind].members, message);
    return json;
}

/* NULL: there is none, which is an error. */
static const struct mt_kind *take_kind(const struct mt_kinds *kinds, json_t *json, const char *name,
                                       struct mt_error *error)
{
    const char *kind = json_string_value(json_object_get(json, "kind"));

    for (size_t i = 0; kind != NULL && i < kinds->count; i++) {
        const struct mt_kind *item = &kinds->items[i];
        if (item->name != NULL && strcmp(item->name, kind) == 0) {
            json_object_del(json, "kind");
            return item;
        }
    }
    mt_fail(error, "%s has %s%s", name, kind != NULL ? "the unknown kind " : "no kind",
            kind != NULL ? kind : "");
    return NULL;
}

int mt_kinds_decode(const struct mt_kinds *kinds, json_t *json, const char *name, size_t *ret_kind,
                    void *message, struct mt_error *error)
{
    const struct mt_kind *kind = take_kind(kinds, json, name, error);

    if (kind == NULL) {
        return -1;
    }
    if (mt_members_decode(&kinds->common, json, name, message, error) < 0 ||
        mt_members_decode(&kind->members, json, name, message, error) < 0 ||
        mt_members_end(json, name, error) < 0) {
        mt_members_clear(&kinds->common, message);
        mt_members_clear(&kind->members, message);
        return -1;
    }
    *ret_kind = (size_t)(kind - kinds->items);
    return 0;
}

void mt_kinds_clear(const struct mt_kinds *kinds, size_t kind, void *message)
{
    mt_members_clear(&kinds->common, message);
    mt_members_clear(&kinds->items[kind].members, message);
}
