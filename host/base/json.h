/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that are members of JSON objects. Both functions lend the text, as long as the object
 * lives. */
#ifndef MT_BASE_JSON_H
#define MT_BASE_JSON_H

#include <jansson.h>

/* NULL where the object has no such member, or where the member is no text. */
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

#endif
