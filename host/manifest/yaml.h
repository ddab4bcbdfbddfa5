/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as a tree in which every node knows its place in the file. Anchors and aliases work: an
 * alias is a copy of the value that it refers to, with that value's place. Files that are too
 * large or nested too deep are refused, and so are tags.
 */
#ifndef MT_MANIFEST_YAML_H
#define MT_MANIFEST_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum mt_yaml_kind {
    MT_YAML_SCALAR,
    MT_YAML_SEQUENCE,
    MT_YAML_MAPPING,
};

struct mt_yaml {
    enum mt_yaml_kind kind;
    int line; /* the first line is 1; 0: the node is not from a file */
    int column;
    const char *text; /* of a scalar */
    bool quoted;
    struct mt_yaml **keys;  /* of a mapping: scalars, as many as there are items */
    struct mt_yaml **items; /* of a sequence, or the values of a mapping */
    size_t count;           /* number of items */
};

/* Owns all nodes of one file. */
struct mt_yaml_file {
    char *name; /* as messages call the file */
    struct mt_yaml *root;
    void **blocks; /* all memory, freed together */
    size_t block_count;
};

/* On failure the error is "FILE:LINE:COLUMN: what", or "FILE: what" where there is no place. */
int mt_yaml_parse(const char *name, const char *text, size_t size, struct mt_yaml_file *ret_file,
                  struct mt_error *error);
int mt_yaml_read(const char *path, struct mt_yaml_file *ret_file, struct mt_error *error);
void mt_yaml_clear(struct mt_yaml_file *file);

/* Whether the node is an empty value, "~" or "null", without quotes. */
bool mt_yaml_is_null(const struct mt_yaml *node);

/* The value of a key. NULL: the mapping has no such key, or the node is no mapping. */
struct mt_yaml *mt_yaml_get(const struct mt_yaml *mapping, const char *key);

/* "mapping", "list", "single value" */
const char *mt_yaml_kind_name(const struct mt_yaml *node);

/*
 * A copy of `under` that `over` changes. Mappings merge. Lists and scalars of `over` replace those
 * of `under`. A null in `over` ("fd:") leaves a mapping of `under` as the mapping is. `file` owns
 * the new nodes; neither argument changes, and the result shares nodes with both.
 */
struct mt_yaml *mt_yaml_merge(struct mt_yaml_file *file, struct mt_yaml *under,
                              struct mt_yaml *over);

/*
 * Fails with the node's place in front of the message. The message becomes one line without
 * control characters, whatever text of the file the message quotes.
 */
int mt_yaml_fail(const struct mt_yaml_file *file, const struct mt_yaml *node,
                 struct mt_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
