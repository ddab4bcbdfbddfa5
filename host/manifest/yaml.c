/* SPDX-License-Identifier: Apache-2.0 */
/* From bytes to the tree, an event at a time, so that every limit holds before memory is spent. */
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

#define AUTO_EVENT __attribute__((cleanup(yaml_event_delete)))

enum {
    SIZE_LIMIT = 1024 * 1024,
    DEPTH_LIMIT = 64,
    /* With what aliases stand for counted each time, so that a bomb of them does not go off. */
    NODE_LIMIT = 100000,
    /* These are looked through one by one. */
    KEY_LIMIT = 1000,
    ANCHOR_LIMIT = 1000,
};

struct anchor {
    char *name;
    struct mt_yaml *node;
    bool complete;
};

struct reader {
    struct mt_yaml_file *file;
    yaml_parser_t parser;
    const char *text;
    struct anchor *anchors;
    size_t anchor_count;
    size_t nodes;
    struct mt_error *error;
};

static struct mt_yaml *read_node(struct reader *reader, const yaml_event_t *event, int depth);

static struct mt_yaml place_of(yaml_mark_t mark)
{
    return (struct mt_yaml){.line = (int)mark.line + 1, .column = (int)mark.column + 1};
}

/* The bytes themselves are wrong: all that is known is an offset. */
static struct mt_yaml place_of_byte(const char *text, size_t offset)
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

static int fail_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    struct mt_yaml place = parser->error == YAML_READER_ERROR
                               ? place_of_byte(reader->text, parser->problem_offset)
                               : place_of(parser->problem_mark);

    return mt_yaml_fail(reader->file, &place, reader->error, "not YAML: %s",
                        parser->problem != NULL ? parser->problem : "it cannot be read");
}

static int next_event(struct reader *reader, yaml_event_t *event)
{
    return yaml_parser_parse(&reader->parser, event) ? 0 : fail_syntax(reader);
}

static int count_node(struct reader *reader, const struct mt_yaml *place, int depth)
{
    if (depth > DEPTH_LIMIT) {
        return mt_yaml_fail(reader->file, place, reader->error,
                            "nested too deep; expected at most %d levels", DEPTH_LIMIT);
    }
    if (++reader->nodes > NODE_LIMIT) {
        return mt_yaml_fail(reader->file, place, reader->error,
                            "too much, with its aliases expanded; expected at most %d values",
                            NODE_LIMIT);
    }
    return 0;
}

static int count_again(struct reader *reader, const struct mt_yaml *node,
                       const struct mt_yaml *place, int depth)
{
    if (count_node(reader, place, depth) < 0) {
        return -1;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == MT_YAML_MAPPING && count_node(reader, place, depth + 1) < 0) {
            return -1;
        }
        if (count_again(reader, node->items[i], place, depth + 1) < 0) {
            return -1;
        }
    }
    return 0;
}

static struct mt_yaml *read_alias(struct reader *reader, const yaml_event_t *event, int depth)
{
    const char *name = (const char *)event->data.alias.anchor;
    struct mt_yaml place = place_of(event->start_mark);

    /* A name may be given again; the last one counts. */
    for (size_t i = reader->anchor_count; i > 0; i--) {
        const struct anchor *anchor = &reader->anchors[i - 1];
        if (strcmp(anchor->name, name) != 0) {
            continue;
        }
        if (!anchor->complete) {
            mt_yaml_fail(reader->file, &place, reader->error,
                         "the alias \"*%.60s\" stands inside of what it stands for; expected an "
                         "end",
                         name);
            return NULL;
        }
        return count_again(reader, anchor->node, &place, depth) == 0 ? anchor->node : NULL;
    }
    mt_yaml_fail(reader->file, &place, reader->error,
                 "unknown alias \"*%.60s\"; expected an anchor \"&%.60s\" before it", name, name);
    return NULL;
}

static int begin_anchor(struct reader *reader, const yaml_char_t *name, struct mt_yaml *node)
{
    if (reader->anchor_count == ANCHOR_LIMIT) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "too many anchors; expected at most %d", ANCHOR_LIMIT);
    }
    reader->anchors =
        mt_realloc(reader->anchors, reader->anchor_count + 1, sizeof(*reader->anchors));
    reader->anchors[reader->anchor_count++] =
        (struct anchor){.name = mt_text_copy((const char *)name), .node = node};
    return 0;
}

static int read_scalar(struct reader *reader, const yaml_event_t *event, struct mt_yaml *node)
{
    const char *text = (const char *)event->data.scalar.value;

    if (strlen(text) != event->data.scalar.length) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "text with a NUL character in it; expected none");
    }
    node->text = mt_yaml_keep(reader->file, mt_text_copy(text));
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return 0;
}

static int check_key(struct reader *reader, const struct mt_yaml *mapping,
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

static void grow(struct mt_yaml *node)
{
    if ((node->count & (node->count - 1)) != 0) {
        return;
    }
    size_t room = node->count > 0 ? node->count * 2 : 1;
    node->items = mt_realloc(node->items, room, sizeof(*node->items));
    if (node->kind == MT_YAML_MAPPING) {
        node->keys = mt_realloc(node->keys, room, sizeof(*node->keys));
    }
}

/* With its key in front, if it stands in a mapping; `event` begins the first of the two. */
static int read_item(struct reader *reader, struct mt_yaml *node, const yaml_event_t *event,
                     int depth)
{
    struct mt_yaml *key = NULL;
    AUTO_EVENT yaml_event_t value_event = {0};

    if (node->kind == MT_YAML_MAPPING) {
        key = read_node(reader, event, depth + 1);
        if (key == NULL || check_key(reader, node, key) < 0 ||
            next_event(reader, &value_event) < 0) {
            return -1;
        }
        event = &value_event;
    }
    struct mt_yaml *item = read_node(reader, event, depth + 1);
    if (item == NULL) {
        return -1;
    }
    grow(node);
    mt_yaml_append(node, key, item);
    return 0;
}

static int read_items(struct reader *reader, struct mt_yaml *node, int depth)
{
    for (;;) {
        AUTO_EVENT yaml_event_t event = {0};
        if (next_event(reader, &event) < 0) {
            return -1;
        }
        if (event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT) {
            return 0;
        }
        if (read_item(reader, node, &event, depth) < 0) {
            return -1;
        }
    }
}

static int read_collection(struct reader *reader, struct mt_yaml *node, int depth)
{
    int result = read_items(reader, node, depth);

    if (node->items != NULL) {
        mt_yaml_keep(reader->file, node->items);
    }
    if (node->keys != NULL) {
        mt_yaml_keep(reader->file, node->keys);
    }
    return result;
}

struct properties {
    enum mt_yaml_kind kind;
    const yaml_char_t *anchor;
    const yaml_char_t *tag;
};

static struct properties properties_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SEQUENCE_START_EVENT:
        return (struct properties){MT_YAML_SEQUENCE, event->data.sequence_start.anchor,
                                   event->data.sequence_start.tag};
    case YAML_MAPPING_START_EVENT:
        return (struct properties){MT_YAML_MAPPING, event->data.mapping_start.anchor,
                                   event->data.mapping_start.tag};
    default:
        return (struct properties){MT_YAML_SCALAR, event->data.scalar.anchor,
                                   event->data.scalar.tag};
    }
}

static int read_content(struct reader *reader, const yaml_event_t *event, struct mt_yaml *node,
                        int depth)
{
    struct properties properties = properties_of(event);
    size_t anchor = reader->anchor_count;

    if (properties.tag != NULL) {
        return mt_yaml_fail(reader->file, node, reader->error,
                            "the tag \"%.60s\"; expected a value without one",
                            (const char *)properties.tag);
    }
    if (properties.anchor != NULL && begin_anchor(reader, properties.anchor, node) < 0) {
        return -1;
    }
    int result = node->kind == MT_YAML_SCALAR ? read_scalar(reader, event, node)
                                              : read_collection(reader, node, depth);
    if (properties.anchor != NULL) {
        reader->anchors[anchor].complete = true;
    }
    return result;
}

static struct mt_yaml *read_node(struct reader *reader, const yaml_event_t *event, int depth)
{
    if (event->type == YAML_ALIAS_EVENT) {
        return read_alias(reader, event, depth);
    }
    struct mt_yaml place = place_of(event->start_mark);
    if (count_node(reader, &place, depth) < 0) {
        return NULL;
    }
    struct mt_yaml *node = mt_yaml_new(reader->file, properties_of(event).kind, 0);
    node->line = place.line;
    node->column = place.column;
    return read_content(reader, event, node, depth) == 0 ? node : NULL;
}

static int expect_end(struct reader *reader)
{
    AUTO_EVENT yaml_event_t document_end = {0};
    AUTO_EVENT yaml_event_t stream_end = {0};

    if (next_event(reader, &document_end) < 0 || next_event(reader, &stream_end) < 0) {
        return -1;
    }
    struct mt_yaml place = place_of(stream_end.start_mark);
    return stream_end.type == YAML_STREAM_END_EVENT
               ? 0
               : mt_yaml_fail(reader->file, &place, reader->error,
                              "a second document; expected one");
}

static int read_stream(struct reader *reader)
{
    AUTO_EVENT yaml_event_t stream = {0};
    AUTO_EVENT yaml_event_t document = {0};
    AUTO_EVENT yaml_event_t root = {0};

    if (next_event(reader, &stream) < 0 || next_event(reader, &document) < 0) {
        return -1;
    }
    if (document.type == YAML_STREAM_END_EVENT) {
        struct mt_yaml nowhere = {0};
        return mt_yaml_fail(reader->file, &nowhere, reader->error,
                            "empty; expected a mapping that begins with \"version: 1\"");
    }
    if (next_event(reader, &root) < 0) {
        return -1;
    }
    reader->file->root = read_node(reader, &root, 0);
    return reader->file->root != NULL ? expect_end(reader) : -1;
}

static void release(struct reader *reader)
{
    for (size_t i = 0; i < reader->anchor_count; i++) {
        free(reader->anchors[i].name);
    }
    free(reader->anchors);
    yaml_parser_delete(&reader->parser);
}

int mt_yaml_parse(const char *name, const char *text, size_t size, struct mt_yaml_file *ret_file,
                  struct mt_error *error)
{
    struct mt_yaml_file file = {.name = mt_text_copy(name)};
    struct reader reader = {.file = &file, .text = text, .error = error};

    if (!yaml_parser_initialize(&reader.parser)) {
        abort();
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
    int result = read_stream(&reader);
    release(&reader);
    if (result < 0) {
        mt_yaml_clear(&file);
        return -1;
    }
    *ret_file = file;
    return 0;
}

/* What can be said without opening it. */
static int check_file(const char *path, struct mt_error *error)
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

    if (check_file(path, error) < 0 || mt_file_read(path, SIZE_LIMIT, &text, &size, error) < 0) {
        return -1;
    }
    return mt_yaml_parse(path, text, size, ret_file, error);
}
