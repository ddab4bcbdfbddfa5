/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/monitor/reply_schema.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

enum { DEEPEST = 2 };

/* Types have numbers as names, which mean something only within one schema. */
static const json_t *find_entity(const json_t *schema, const char *name)
{
    const json_t *entity;
    size_t i;

    json_array_foreach (schema, i, entity) {
        const char *its_name = mt_json_find_text(entity, "name");
        if (its_name != NULL && name != NULL && strcmp(its_name, name) == 0) {
            return entity;
        }
    }
    return NULL;
}

static void add_member_paths(json_t *paths, const char *prefix, const json_t *schema,
                             const char *type, int depth)
{
    const json_t *member;
    size_t i;

    json_array_foreach (json_object_get(find_entity(schema, type), "members"), i, member) {
        const char *name = mt_json_find_text(member, "name");
        MT_AUTO_FREE char *path = mt_text("%s%s", prefix, name != NULL ? name : "");
        MT_AUTO_FREE char *inner = mt_text("%s.", path);
        json_array_append_new(paths, json_string(path));
        if (depth < DEEPEST) {
            add_member_paths(paths, inner, schema, mt_json_find_text(member, "type"), depth + 1);
        }
    }
}

json_t *mt_reply_members(const json_t *schema, const char *command)
{
    const json_t *entity = find_entity(schema, command);
    json_t *paths = json_array();

    add_member_paths(paths, "", schema, mt_json_find_text(entity, "ret-type"), 1);
    return paths;
}
