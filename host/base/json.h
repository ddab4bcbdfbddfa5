/* SPDX-License-Identifier: Apache-2.0 */
/* JSON values that are freed by scope, and texts that are members of JSON objects. */
#ifndef MT_BASE_JSON_H
#define MT_BASE_JSON_H

#include <jansson.h>
#include <string.h>

/* Drops the reference when the variable goes out of scope. */
#define MT_AUTO_JSON __attribute__((cleanup(mt_cleanup_json)))

static inline void mt_cleanup_json(json_t **value)
{
    json_decref(*value);
}

/*
 * The text of a member, which lives as long as the object. NULL where the object has no such
 * member, or where the member is no text.
 */
static inline const char *mt_json_find_text(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

/* "" in place of NULL. */
static inline const char *mt_json_text(const json_t *object, const char *member)
{
    const char *text = mt_json_find_text(object, member);

    return text != NULL ? text : "";
}

/* The object of a list whose member "name" is that text, borrowed; NULL: there is none. */
static inline const json_t *mt_json_find_named(const json_t *list, const char *name)
{
    size_t index;
    const json_t *item;

    json_array_foreach (list, index, item) {
        if (strcmp(mt_json_text(item, "name"), name) == 0) {
            return item;
        }
    }
    return NULL;
}

#endif
