/* SPDX-License-Identifier: Apache-2.0 */
/* Reads YAML with libyaml, and copies libyaml's document into a tree of struct mt_yaml. */
#include "manifest/yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "manifest/yaml_tree.h"

enum {
    SIZE_LIMIT = 1024 * 1024,
    /* Also ends an alias that is inside the value that the alias refers to. */
    DEPTH_LIMIT = 64,
    /* Each use of an alias copies the value. The limit ends aliases that multiply. */
    NODE_LIMIT = 100000,
    /* A key is looked up by comparing it with all keys of its mapping. */
    KEY_LIMIT = 1000,
};

struct yaml_reader {
    struct mt_yaml_file *file;
    yaml_parser_t parser;
    yaml_document_t document;
    const char *text;
    size_t nodes;
    struct mt_error *error;
};

static struct mt_yaml *yaml_copy(struct yaml_reader *reader, int id, int depth);

static struct mt_yaml yaml_place(yaml_mark_t mark)
{
    return (struct mt_yaml){.line = (int)mark.line + 1, .column = (int)mark.column + 1};
}

/* libyaml tells the place of invalid bytes as an offset only. */
static struct mt_yaml yaml_place_of_byte(const char *text, size_t offset)
{
    struct mt_yaml place = {.line = 1, .column = 1};

    for (size_t i = 0; i < offset; i++) {
        place.column++;
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

static int yaml_fail_syntax(struct yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    struct mt_yaml place = parser->error == YAML_READER_ERROR
                               ? yaml_place_of_byte(reader->text, parser->problem_offset)
                               : yaml_place(parser->problem_mark);
    /* The problem "second occurrence" needs its context, "found duplicate anchor". */
    bool in_context = parser->error == YAML_COMPOSER_ERROR && parser->context != NULL;

    if (parser->error == YAML_MEMORY_ERROR) {
        abort();
    }
    return mt_yaml_fail(reader->file, &place, reader->error, "not YAML: %s",
                        in_context ? parser->context : parser->problem);
}

static struct mt_yaml *yaml_new(struct yaml_reader *reader, const yaml_node_t *from,
                                enum mt_yaml_kind kind, ptrdiff_t count)
{
    struct mt_yaml *node = mt_yaml_new(reader->file, kind, (size_t)count);

    node->line = yaml_place(from->start_mark).line;
    node->column = yaml_place(from->start_mark).column;
    return node;
}

static struct mt_yaml *yaml_copy_scalar(struct yaml_reader *reader, const yaml_node_t *from)
{
    const char *text = (const char *)from->data.scalar.value;
    struct mt_yaml *node = yaml_new(reader, from, MT_YAML_SCALAR, 0);

    if (strlen(text) != from->data.scalar.length) {
        mt_yaml_fail(reader->file, node, reader->error,
                     "text with a NUL character in it; expected none");
        return NULL;
    }
    node->text = mt_yaml_keep(reader->file, mt_text_copy(text));
    node->quoted = from->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return node;
}

static struct mt_yaml *yaml_copy_sequence(struct yaml_reader *reader, const yaml_node_t *from,
                                          int depth)
{
    const yaml_node_item_t *start = from->data.sequence.items.start;
    const yaml_node_item_t *end = from->data.sequence.items.top;
    struct mt_yaml *node = yaml_new(reader, from, MT_YAML_SEQUENCE, end - start);

    for (const yaml_node_item_t *id = start; id < end; id++) {
        struct mt_yaml *item = yaml_copy(reader, *id, depth + 1);
        if (item == NULL) {
            return NULL;
        }
        mt_yaml_append(node, NULL, item);
    }
    return node;
}

static int yaml_check_key(struct yaml_reader *reader, const struct mt_yaml *mapping,
                          const struct mt_yaml *key)
{
    if (key->kind != MT_YAML_SCALAR) {
        return mt_yaml_fail(reader->file, key, reader->error, "a %s as a key; expected a name",
                            mt_yaml_kind_name(key));
    }
    if (mapping->count == KEY_LIMIT) {
        return mt_yaml_fail(reader->file, key, reader->error,
                            "too many keys in one mapping; expected at most %d", KEY_LIMIT);
    }
    if (mt_yaml_get(mapping, key->text) != NULL) {
        return mt_yaml_fail(reader->file, key, reader->error,
                            "duplicate key \"%.60s\"; expected each key once", key->text);
    }
    return 0;
}

static struct mt_yaml *yaml_copy_mapping(struct yaml_reader *reader, const yaml_node_t *from,
                                         int depth)
{
    const yaml_node_pair_t *start = from->data.mapping.pairs.start;
    const yaml_node_pair_t *end = from->data.mapping.pairs.top;
    struct mt_yaml *node = yaml_new(reader, from, MT_YAML_MAPPING, end - start);

    for (const yaml_node_pair_t *pair = start; pair < end; pair++) {
        struct mt_yaml *key = yaml_copy(reader, pair->key, depth + 1);
        if (key == NULL || yaml_check_key(reader, node, key) < 0) {
            return NULL;
        }
        struct mt_yaml *value = yaml_copy(reader, pair->value, depth + 1);
        if (value == NULL) {
            return NULL;
        }
        mt_yaml_append(node, key, value);
    }
    return node;
}

/* libyaml gives these tags to nodes that have no tag in the file. */
static const char *const yaml_default_tags[] = {
    [YAML_SCALAR_NODE] = YAML_DEFAULT_SCALAR_TAG,
    [YAML_SEQUENCE_NODE] = YAML_DEFAULT_SEQUENCE_TAG,
    [YAML_MAPPING_NODE] = YAML_DEFAULT_MAPPING_TAG,
};

static int yaml_check_node(struct yaml_reader *reader, const yaml_node_t *node, int depth)
{
    struct mt_yaml place = yaml_place(node->start_mark);
    const char *tag = (const char *)node->tag;

    if (depth > DEPTH_LIMIT) {
        return mt_yaml_fail(reader->file, &place, reader->error,
                            "nested too deep; expected at most %d levels", DEPTH_LIMIT);
    }
    if (++reader->nodes > NODE_LIMIT) {
        return mt_yaml_fail(reader->file, &place, reader->error,
                            "too much, with its aliases expanded; expected at most %d values",
                            NODE_LIMIT);
    }
    if (strcmp(tag, yaml_default_tags[node->type]) != 0) {
        return mt_yaml_fail(reader->file, &place, reader->error,
                            "the tag \"%.60s\"; expected a value without one", tag);
    }
    return 0;
}

static struct mt_yaml *yaml_copy(struct yaml_reader *reader, int id, int depth)
{
    const yaml_node_t *from = yaml_document_get_node(&reader->document, id);

    if (yaml_check_node(reader, from, depth) < 0) {
        return NULL;
    }
    switch (from->type) {
    case YAML_SEQUENCE_NODE:
        return yaml_copy_sequence(reader, from, depth);
    case YAML_MAPPING_NODE:
        return yaml_copy_mapping(reader, from, depth);
    default:
        return yaml_copy_scalar(reader, from);
    }
}

static int yaml_read_document(struct yaml_reader *reader)
{
    if (!yaml_parser_load(&reader->parser, &reader->document)) {
        return yaml_fail_syntax(reader);
    }
    if (yaml_document_get_root_node(&reader->document) == NULL) {
        struct mt_yaml nowhere = {0};
        mt_yaml_fail(reader->file, &nowhere, reader->error,
                     "empty; expected a mapping that begins with \"version: 1\"");
    } else {
        /* libyaml numbers nodes from 1. The root is the first one. */
        reader->file->root = yaml_copy(reader, 1, 0);
    }
    yaml_document_delete(&reader->document);
    return reader->file->root != NULL ? 0 : -1;
}

static int yaml_check_end(struct yaml_reader *reader)
{
    int result = 0;

    if (!yaml_parser_load(&reader->parser, &reader->document)) {
        return yaml_fail_syntax(reader);
    }
    if (yaml_document_get_root_node(&reader->document) != NULL) {
        struct mt_yaml place = yaml_place(reader->document.start_mark);
        result =
            mt_yaml_fail(reader->file, &place, reader->error, "a second document; expected one");
    }
    yaml_document_delete(&reader->document);
    return result;
}

int mt_yaml_parse(const char *name, const char *text, size_t size, struct mt_yaml_file *ret_file,
                  struct mt_error *error)
{
    struct mt_yaml_file file = {.name = mt_text_copy(name)};
    struct yaml_reader reader = {.file = &file, .text = text, .error = error};

    if (!yaml_parser_initialize(&reader.parser)) {
        abort();
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
    int result = yaml_read_document(&reader) == 0 ? yaml_check_end(&reader) : -1;
    yaml_parser_delete(&reader.parser);
    if (result < 0) {
        mt_yaml_clear(&file);
        return -1;
    }
    *ret_file = file;
    return 0;
}

/* Checks a file before it is opened. */
static int yaml_check_file(const char *path, struct mt_error *error)
{
    struct stat status;

    if (stat(path, &status) < 0 || access(path, R_OK) < 0) {
        return mt_fail(error, "cannot open %s: %s; expected a manifest", path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return mt_fail(error, "cannot read %s: %s; expected a manifest", path, strerror(EISDIR));
    }
    if (status.st_size > SIZE_LIMIT) {
        return mt_fail(error, "%s is larger than %d bytes", path, SIZE_LIMIT);
    }
    return 0;
}

int mt_yaml_read(const char *path, struct mt_yaml_file *ret_file, struct mt_error *error)
{
    MT_AUTO_FREE char *text = NULL;
    size_t size;

    if (yaml_check_file(path, error) < 0 ||
        mt_file_read(path, SIZE_LIMIT, &text, &size, error) < 0) {
        return -1;
    }
    return mt_yaml_parse(path, text, size, ret_file, error);
}
