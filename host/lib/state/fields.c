/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/fields.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* A description of this depth is no description but an accident. */
enum { DEEPEST = 16 };

struct walk {
    struct mt_fields fields;
    size_t at;
    unsigned depth;
};

static int walk_struct(struct walk *walk, const char *prefix, const json_t *description,
                       struct mt_error *error);

static void add_field(struct walk *walk, const char *path, size_t size)
{
    struct mt_fields *fields = &walk->fields;

    if (size > 0) {
        fields->items = mt_realloc(fields->items, fields->count + 1, sizeof(*fields->items));
        fields->items[fields->count++] = (struct mt_field){mt_text_copy(path), walk->at, size};
    }
    walk->at += size;
}

static int walk_element(struct walk *walk, const char *path, const json_t *field,
                        struct mt_error *error)
{
    const json_t *inner = json_object_get(field, "struct");

    if (inner != NULL) {
        MT_AUTO_FREE char *prefix = mt_text("%s.", path);
        return walk_struct(walk, prefix, inner, error);
    }
    json_int_t size = json_integer_value(json_object_get(field, "size"));
    if (size < 0) {
        return mt_fail(error, "field %s has the size %lld", path, (long long)size);
    }
    add_field(walk, path, (size_t)size);
    return 0;
}

/* Elements that are all alike stand there once, with their number. */
static int walk_field(struct walk *walk, const char *prefix, const json_t *field,
                      struct mt_error *error)
{
    const char *name = json_string_value(json_object_get(field, "name"));
    const json_t *index = json_object_get(field, "index");
    json_int_t elements = json_integer_value(json_object_get(field, "array_len"));

    if (name == NULL) {
        return mt_fail(error, "a field has no name");
    }
    if (elements == 0) {
        MT_AUTO_FREE char *path =
            index != NULL ? mt_text("%s%s[%lld]", prefix, name, json_integer_value(index))
                          : mt_text("%s%s", prefix, name);
        return walk_element(walk, path, field, error);
    }
    for (json_int_t i = 0; i < elements; i++) {
        MT_AUTO_FREE char *path = mt_text("%s%s[%lld]", prefix, name, (long long)i);
        if (walk_element(walk, path, field, error) < 0) {
            return -1;
        }
    }
    return 0;
}

/* A subsection is marked in the stream: a byte, its counted name, its version. */
static int walk_subsection(struct walk *walk, const char *prefix, const json_t *subsection,
                           struct mt_error *error)
{
    const char *name = json_string_value(json_object_get(subsection, "vmsd_name"));

    if (name == NULL) {
        return mt_fail(error, "a subsection has no name");
    }
    const char *last = strrchr(name, '/');
    MT_AUTO_FREE char *inner = mt_text("%s%s.", prefix, last != NULL ? last + 1 : name);
    walk->at += 2 + strlen(name) + sizeof(uint32_t);
    return walk_struct(walk, inner, subsection, error);
}

static int walk_struct(struct walk *walk, const char *prefix, const json_t *description,
                       struct mt_error *error)
{
    const json_t *part;
    size_t i;

    if (++walk->depth > DEEPEST) {
        return mt_fail(error, "the description nests deeper than %d", DEEPEST);
    }
    json_array_foreach (json_object_get(description, "fields"), i, part) {
        if (walk_field(walk, prefix, part, error) < 0) {
            return -1;
        }
    }
    json_array_foreach (json_object_get(description, "subsections"), i, part) {
        if (walk_subsection(walk, prefix, part, error) < 0) {
            return -1;
        }
    }
    walk->depth--;
    return 0;
}

int mt_fields_lay_out(const json_t *description, size_t section_size, struct mt_fields *ret_fields,
                      struct mt_error *error)
{
    struct walk walk = {0};
    int result = walk_struct(&walk, "", description, error);

    if (result == 0 && walk.at != section_size) {
        result = mt_fail(error, "the description covers %zu bytes of %zu", walk.at, section_size);
    }
    if (result < 0) {
        mt_fields_clear(&walk.fields);
        return -1;
    }
    *ret_fields = walk.fields;
    return 0;
}

void mt_fields_clear(struct mt_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        free(fields->items[i].path);
    }
    free(fields->items);
    *fields = (struct mt_fields){0};
}
