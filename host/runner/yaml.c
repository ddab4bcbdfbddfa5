/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

enum {
    SIZE_LIMIT = 1024 * 1024,
    DEPTH_LIMIT = 64,
    /* With what aliases stand for counted each time, so that a bomb of them does not go off. */
    NODE_LIMIT = 100000,
};

struct conversion {
    struct mt_yaml_file *file;
    yaml_document_t *document;
    size_t nodes;
    struct mt_error *error;
};

static void *keep(struct mt_yaml_file *file, void *block)
{
    file->blocks = mt_realloc(file->blocks, file->block_count + 1, sizeof(*file->blocks));
    file->blocks[file->block_count++] = block;
    return block;
}

int mt_yaml_fail(const struct mt_yaml_file *file, const struct mt_yaml *node,
                 struct mt_error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    MT_AUTO_FREE char *what = mt_text_va(format, arguments);
    va_end(arguments);
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

static struct mt_yaml *convert(struct conversion *conversion, int index, int depth);

static struct mt_yaml *new_node(struct mt_yaml_file *file, enum mt_yaml_kind kind, size_t count)
{
    struct mt_yaml *node = keep(file, mt_alloc(1, sizeof(*node)));

    node->kind = kind;
    node->items = keep(file, mt_alloc(count, sizeof(*node->items)));
    node->keys = kind == MT_YAML_MAPPING ? keep(file, mt_alloc(count, sizeof(*node->keys))) : NULL;
    return node;
}

static struct mt_yaml *convert_scalar(struct conversion *conversion, const yaml_node_t *source)
{
    struct mt_yaml *node = new_node(conversion->file, MT_YAML_SCALAR, 0);

    node->text = keep(conversion->file, mt_text("%s", (const char *)source->data.scalar.value));
    node->quoted = source->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return node;
}

static struct mt_yaml *convert_sequence(struct conversion *conversion, const yaml_node_t *source,
                                        int depth)
{
    size_t count = (size_t)(source->data.sequence.items.top - source->data.sequence.items.start);
    struct mt_yaml *node = new_node(conversion->file, MT_YAML_SEQUENCE, count);

    for (; node->count < count; node->count++) {
        struct mt_yaml *item =
            convert(conversion, source->data.sequence.items.start[node->count], depth + 1);
        if (item == NULL) {
            return NULL;
        }
        node->items[node->count] = item;
    }
    return node;
}

static struct mt_yaml *convert_key(struct conversion *conversion, const struct mt_yaml *mapping,
                                   int index, int depth)
{
    struct mt_yaml *key = convert(conversion, index, depth + 1);

    if (key == NULL) {
        return NULL;
    }
    if (key->kind != MT_YAML_SCALAR) {
        mt_yaml_fail(conversion->file, key, conversion->error, "a %s as a key; expected a name",
                     mt_yaml_kind_name(key));
        return NULL;
    }
    if (mt_yaml_get(mapping, key->text) != NULL) {
        mt_yaml_fail(conversion->file, key, conversion->error,
                     "duplicate key \"%s\"; expected each key once", key->text);
        return NULL;
    }
    return key;
}

static struct mt_yaml *convert_mapping(struct conversion *conversion, const yaml_node_t *source,
                                       int depth)
{
    size_t count = (size_t)(source->data.mapping.pairs.top - source->data.mapping.pairs.start);
    struct mt_yaml *node = new_node(conversion->file, MT_YAML_MAPPING, count);

    while (node->count < count) {
        const yaml_node_pair_t *pair = &source->data.mapping.pairs.start[node->count];
        struct mt_yaml *key = convert_key(conversion, node, pair->key, depth);
        struct mt_yaml *value = key != NULL ? convert(conversion, pair->value, depth + 1) : NULL;
        if (value == NULL) {
            return NULL;
        }
        node->keys[node->count] = key;
        node->items[node->count++] = value;
    }
    return node;
}

static struct mt_yaml *convert_kind(struct conversion *conversion, const yaml_node_t *source,
                                    int depth)
{
    switch (source->type) {
    case YAML_SCALAR_NODE:
        return convert_scalar(conversion, source);
    case YAML_SEQUENCE_NODE:
        return convert_sequence(conversion, source, depth);
    default:
        return convert_mapping(conversion, source, depth);
    }
}

static struct mt_yaml *convert(struct conversion *conversion, int index, int depth)
{
    const yaml_node_t *source = yaml_document_get_node(conversion->document, index);
    struct mt_yaml place = {.line = (int)source->start_mark.line + 1,
                            .column = (int)source->start_mark.column + 1};

    if (depth > DEPTH_LIMIT) {
        mt_yaml_fail(conversion->file, &place, conversion->error,
                     "nested too deep; expected at most %d levels", DEPTH_LIMIT);
        return NULL;
    }
    if (++conversion->nodes > NODE_LIMIT) {
        mt_yaml_fail(conversion->file, &place, conversion->error,
                     "too much, with its aliases expanded; expected at most %d values", NODE_LIMIT);
        return NULL;
    }
    struct mt_yaml *node = convert_kind(conversion, source, depth);
    if (node != NULL) {
        node->line = place.line;
        node->column = place.column;
    }
    return node;
}

static int fail_syntax(const char *name, const yaml_parser_t *parser, struct mt_error *error)
{
    if (parser->error == YAML_READER_ERROR) {
        return mt_fail(error, "%s: not YAML: %s at byte %zu", name, parser->problem,
                       parser->problem_offset);
    }
    return mt_fail(error, "%s:%zu:%zu: not YAML: %s", name, parser->problem_mark.line + 1,
                   parser->problem_mark.column + 1,
                   parser->problem != NULL ? parser->problem : "it cannot be read");
}

static int expect_end(const char *name, yaml_parser_t *parser, struct mt_error *error)
{
    yaml_document_t rest;

    if (!yaml_parser_load(parser, &rest)) {
        return fail_syntax(name, parser, error);
    }
    const yaml_node_t *root = yaml_document_get_root_node(&rest);
    int result = root == NULL ? 0
                              : mt_fail(error, "%s:%zu:1: a second document; expected one", name,
                                        root->start_mark.line + 1);
    yaml_document_delete(&rest);
    return result;
}

static int convert_document(yaml_document_t *document, struct mt_yaml_file *file,
                            struct mt_error *error)
{
    struct conversion conversion = {.file = file, .document = document, .error = error};

    if (yaml_document_get_root_node(document) == NULL) {
        return mt_fail(error, "%s: empty; expected a mapping that begins with \"version: 1\"",
                       file->name);
    }
    file->root = convert(&conversion, 1, 0);
    return file->root != NULL ? 0 : -1;
}

int mt_yaml_parse(const char *name, const char *text, size_t size, struct mt_yaml_file *ret_file,
                  struct mt_error *error)
{
    struct mt_yaml_file file = {.name = mt_text_copy(name)};
    yaml_parser_t parser;
    yaml_document_t document;
    int result = -1;

    if (!yaml_parser_initialize(&parser)) {
        abort();
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    if (!yaml_parser_load(&parser, &document)) {
        fail_syntax(name, &parser, error);
    } else {
        result = convert_document(&document, &file, error);
        yaml_document_delete(&document);
        if (result == 0) {
            result = expect_end(name, &parser, error);
        }
    }
    yaml_parser_delete(&parser);
    if (result < 0) {
        mt_yaml_clear(&file);
        return -1;
    }
    *ret_file = file;
    return 0;
}

int mt_yaml_read(const char *path, struct mt_yaml_file *ret_file, struct mt_error *error)
{
    MT_AUTO_FREE char *text = NULL;
    size_t size;

    if (mt_file_read(path, SIZE_LIMIT, &text, &size, error) < 0) {
        return -1;
    }
    return mt_yaml_parse(path, text, size, ret_file, error);
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

struct mt_yaml *mt_yaml_get(const struct mt_yaml *mapping, const char *key)
{
    for (size_t i = 0; mapping != NULL && mapping->keys != NULL && i < mapping->count; i++) {
        if (strcmp(mapping->keys[i]->text, key) == 0) {
            return mapping->items[i];
        }
    }
    return NULL;
}

static void put(struct mt_yaml *mapping, struct mt_yaml *key, struct mt_yaml *value)
{
    for (size_t i = 0; i < mapping->count; i++) {
        if (strcmp(mapping->keys[i]->text, key->text) == 0) {
            mapping->keys[i] = key;
            mapping->items[i] = value;
            return;
        }
    }
    mapping->keys[mapping->count] = key;
    mapping->items[mapping->count++] = value;
}

struct mt_yaml *mt_yaml_merge(struct mt_yaml_file *file, struct mt_yaml *under,
                              struct mt_yaml *over)
{
    if (under == NULL || under->kind != MT_YAML_MAPPING || over->kind != MT_YAML_MAPPING) {
        return over;
    }
    struct mt_yaml *merged = new_node(file, MT_YAML_MAPPING, under->count + over->count);
    merged->line = over->line;
    merged->column = over->column;
    for (size_t i = 0; i < under->count; i++) {
        put(merged, under->keys[i], under->items[i]);
    }
    for (size_t i = 0; i < over->count; i++) {
        struct mt_yaml *below = mt_yaml_get(under, over->keys[i]->text);
        put(merged, over->keys[i], mt_yaml_merge(file, below, over->items[i]));
    }
    return merged;
}
