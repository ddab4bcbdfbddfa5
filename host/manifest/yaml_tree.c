/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of a YAML file: making nodes, finding keys, merging mappings, messages with a place. */
#include "manifest/yaml_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"

void *mt_yaml_keep(struct mt_yaml_file *file, void *block)
{
    /* The room doubles each time the count is a power of two. */
    if ((file->block_count & (file->block_count - 1)) == 0) {
        size_t room = file->block_count > 0 ? file->block_count * 2 : 1;
        file->blocks = mt_realloc(file->blocks, room, sizeof(*file->blocks));
    }
    file->blocks[file->block_count++] = block;
    return block;
}

struct mt_yaml *mt_yaml_new(struct mt_yaml_file *file, enum mt_yaml_kind kind, size_t room)
{
    struct mt_yaml *node = mt_yaml_keep(file, mt_alloc(1, sizeof(*node)));

    node->kind = kind;
    if (room > 0) {
        node->items = mt_yaml_keep(file, mt_alloc(room, sizeof(*node->items)));
    }
    if (room > 0 && kind == MT_YAML_MAPPING) {
        node->keys = mt_yaml_keep(file, mt_alloc(room, sizeof(*node->keys)));
    }
    return node;
}

void mt_yaml_append(struct mt_yaml *node, struct mt_yaml *key, struct mt_yaml *item)
{
    if (key != NULL) {
        node->keys[node->count] = key;
    }
    node->items[node->count++] = item;
}

void mt_yaml_clear(struct mt_yaml_file *file)
{
    for (size_t i = 0; i < file->block_count; i++) {
        free(file->blocks[i]);
    }
    free(file->blocks);
    free(file->name);
    *file = (struct mt_yaml_file){0};
}

int mt_yaml_fail(const struct mt_yaml_file *file, const struct mt_yaml *node,
                 struct mt_error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    MT_AUTO_FREE char *raw = mt_text_va(format, arguments);
    va_end(arguments);
    MT_AUTO_FREE char *what = mt_clean_line(raw);
    if (node->line == 0) {
        return mt_fail(error, "%s: %s", file->name, what);
    }
    return mt_fail(error, "%s:%d:%d: %s", file->name, node->line, node->column, what);
}

const char *mt_yaml_kind_name(const struct mt_yaml *node)
{
    switch (node->kind) {
    case MT_YAML_SCALAR:
        return "single value";
    case MT_YAML_SEQUENCE:
        return "list";
    case MT_YAML_MAPPING:
        return "mapping";
    }
    return "nothing";
}

bool mt_yaml_is_null(const struct mt_yaml *node)
{
    return node->kind == MT_YAML_SCALAR && !node->quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
            strcmp(node->text, "null") == 0);
}

static size_t yaml_find(const struct mt_yaml *mapping, const char *key)
{
    size_t i = 0;

    while (i < mapping->count && strcmp(mapping->keys[i]->text, key) != 0) {
        i++;
    }
    return i;
}

struct mt_yaml *mt_yaml_get(const struct mt_yaml *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != MT_YAML_MAPPING) {
        return NULL;
    }
    size_t i = yaml_find(mapping, key);
    return i < mapping->count ? mapping->items[i] : NULL;
}

static void yaml_put(struct mt_yaml *mapping, struct mt_yaml *key, struct mt_yaml *value)
{
    size_t i = yaml_find(mapping, key->text);

    if (i == mapping->count) {
        mt_yaml_append(mapping, key, value);
        return;
    }
    mapping->keys[i] = key;
    mapping->items[i] = value;
}

struct mt_yaml *mt_yaml_merge(struct mt_yaml_file *file, struct mt_yaml *under,
                              struct mt_yaml *over)
{
    if (under == NULL || under->kind != MT_YAML_MAPPING) {
        return over;
    }
    if (over->kind != MT_YAML_MAPPING) {
        return mt_yaml_is_null(over) ? under : over;
    }
    struct mt_yaml *merged = mt_yaml_new(file, MT_YAML_MAPPING, under->count + over->count);
    merged->line = over->line;
    merged->column = over->column;
    for (size_t i = 0; i < under->count; i++) {
        mt_yaml_append(merged, under->keys[i], under->items[i]);
    }
    for (size_t i = 0; i < over->count; i++) {
        struct mt_yaml *below = mt_yaml_get(under, over->keys[i]->text);
        yaml_put(merged, over->keys[i], mt_yaml_merge(file, below, over->items[i]));
    }
    return merged;
}
