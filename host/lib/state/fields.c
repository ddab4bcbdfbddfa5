/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/fields.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"

enum {
    /* A description that nests deeper is broken. */
    DEEPEST = 16,
    /* A description that goes this many bytes beyond the end of its section is broken. A virtio
     * correction, see walk_corrected, needs less. */
    FAR_BEYOND = 64 * 1024,
};

struct walk {
    const struct mt_section *section;
    struct mt_fields fields;
    const char *subsection; /* the subsection that the walk is in; NULL: none */
    const char *mark;       /* its name in the stream */
    size_t at;
    unsigned depth;
    unsigned virtio_fields;
    json_int_t virtio_correction;
};

/* A subsection begins with this byte, the size of its name, the name and a version. */
enum {
    SUBSECTION_MARK = 0x05,
    NEWEST_VERSION = 255,
};

static int walk_struct(struct walk *walk, const char *prefix, const json_t *description,
                       struct mt_error *error);

/* Adds a field, or a piece of it. `inner` is the subsection of the piece; NULL: that of the walk.
 */
static void walk_add_piece(struct walk *walk, const char *path, const char *inner, size_t offset,
                           size_t size)
{
    struct mt_fields *fields = &walk->fields;

    if (size > 0) {
        fields->items = mt_realloc(fields->items, fields->count + 1, sizeof(*fields->items));
        fields->items[fields->count++] = (struct mt_field){
            .path = mt_text_copy(inner != NULL ? inner : path),
            .subsection = mt_text_copy(inner != NULL ? inner : walk->subsection),
            .mark = mt_text_copy(inner != NULL ? inner : walk->mark),
            .offset = offset,
            .size = size,
        };
    }
}

static bool is_in_name(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || strchr("_-./", byte) != NULL;
}

/* The name of the subsection that begins at these bytes; NULL: none does. The name begins with the
 * name of the parent and a slash. The caller frees it. */
static char *subsection_name(const unsigned char *bytes, size_t size)
{
    uint32_t version;
    size_t name_size = size > 1 ? bytes[1] : 0;

    if (size < 2 + name_size + sizeof(version) || bytes[0] != SUBSECTION_MARK ||
        memchr(bytes + 2, '/', name_size) == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < name_size; i++) {
        if (bytes[2 + i] == '\0' || !is_in_name(bytes[2 + i])) {
            return NULL;
        }
    }
    memcpy(&version, bytes + 2 + name_size, sizeof(version));
    return be32toh(version) <= NEWEST_VERSION
               ? mt_text("%.*s", (int)name_size, (const char *)bytes + 2)
               : NULL;
}

static void walk_add_field(struct walk *walk, const char *path, size_t size)
{
    const struct mt_section *section = walk->section;
    size_t end = walk->at + size;
    size_t start = walk->at;
    MT_AUTO_FREE char *name = NULL;

    for (size_t at = start; at < end && end <= section->size; at++) {
        char *next = subsection_name(section->bytes + at, end - at);
        if (next == NULL) {
            continue;
        }
        walk_add_piece(walk, path, name, start, at - start);
        start = at + 2 + strlen(next) + sizeof(uint32_t);
        free(name);
        name = next;
    }
    walk_add_piece(walk, path, name, start, end - start);
    walk->at = end;
}

static int walk_element(struct walk *walk, const char *path, const json_t *field,
                        struct mt_error *error)
{
    const json_t *inner = json_object_get(field, "struct");

    if (inner != NULL) {
        MT_AUTO_FREE char *prefix = mt_text("%s.", path);
        return walk_struct(walk, prefix, inner, error);
    }
    const char *type = mt_json_find_text(field, "type");
    json_int_t size = json_integer_value(json_object_get(field, "size"));
    if (type != NULL && strcmp(type, "virtio") == 0) {
        walk->virtio_fields++;
        size += walk->virtio_correction;
    }
    if (size < 0) {
        return mt_fail(error, "field %s has the size %lld", path, (long long)size);
    }
    walk_add_field(walk, path, (size_t)size);
    return 0;
}

/* Elements that are all alike are in the description once, with their number. */
static int walk_field(struct walk *walk, const char *prefix, const json_t *field,
                      struct mt_error *error)
{
    const char *name = mt_json_find_text(field, "name");
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
        if (walk->at > walk->section->size + FAR_BEYOND) {
            return mt_fail(error, "the description has %lld elements of %s", (long long)elements,
                           name);
        }
        MT_AUTO_FREE char *path = mt_text("%s%s[%lld]", prefix, name, (long long)i);
        if (walk_element(walk, path, field, error) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Skips the mark of the subsection in the stream: a byte, the size of the name, the name, the
 * version. */
static int walk_subsection(struct walk *walk, const char *prefix, const json_t *subsection,
                           struct mt_error *error)
{
    const char *name = mt_json_find_text(subsection, "vmsd_name");

    if (name == NULL) {
        return mt_fail(error, "a subsection has no name");
    }
    const char *last = strrchr(name, '/');
    const char *outer = walk->subsection;
    const char *outer_mark = walk->mark;
    MT_AUTO_FREE char *path = mt_text("%s%s", prefix, last != NULL ? last + 1 : name);
    MT_AUTO_FREE char *inner = mt_text("%s.", path);
    walk->at += 2 + strlen(name) + sizeof(uint32_t);
    walk->subsection = path;
    walk->mark = name;
    int result = walk_struct(walk, inner, subsection, error);
    walk->subsection = outer;
    walk->mark = outer_mark;
    return result;
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

static int walk_section(struct walk *walk, const json_t *description, struct mt_error *error)
{
    if (walk_struct(walk, "", description, error) < 0) {
        return -1;
    }
    return walk->at == walk->section->size
               ? 0
               : mt_fail(error, "the description covers %zu bytes of %zu", walk->at,
                         walk->section->size);
}

/*
 * Walks again with another size of virtio's common state. The description comes from a QEMU without
 * the guest's RAM. A virtio device that does not find its rings there says that it is broken, in a
 * subsection of its common state. So the common state has another size in the description.
 */
static int walk_corrected(const struct walk *before, const json_t *description, struct walk *walk,
                          struct mt_error *error)
{
    *walk = (struct walk){
        .section = before->section,
        .virtio_correction = (json_int_t)before->section->size - (json_int_t)before->at,
    };
    return walk_section(walk, description, error);
}

int mt_fields_lay_out(const json_t *description, const struct mt_section *section,
                      struct mt_fields *ret_fields, struct mt_error *error)
{
    struct walk walk = {.section = section};

    if (description == NULL) {
        return mt_fail(error, "QEMU has not said what its fields are");
    }
    int result = walk_section(&walk, description, error);
    if (result < 0 && walk.virtio_fields == 1) {
        mt_fields_clear(&walk.fields);
        mt_error_clear(error);
        result = walk_corrected(&(const struct walk){.section = section, .at = walk.at},
                                description, &walk, error);
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
        free(fields->items[i].subsection);
        free(fields->items[i].mark);
    }
    free(fields->items);
    *fields = (struct mt_fields){0};
}

bool mt_section_has_mark(const struct mt_section *section, const char *mark)
{
    for (size_t at = 0; at < section->size; at++) {
        MT_AUTO_FREE char *name = subsection_name(section->bytes + at, section->size - at);
        if (name != NULL && strcmp(name, mark) == 0) {
            return true;
        }
    }
    return false;
}
