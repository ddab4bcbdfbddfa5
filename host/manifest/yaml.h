/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as a small tree in which every node knows its place. What could cost without end is refused:
 * size, depth, and what aliases expand to.
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
    int line; /* from 1; 0: not from a file */
    int column;
    const char *text; /* of a scalar */
    bool quoted;
    struct mt_yaml **keys;  /* of a mapping, scalars all; as many as values */
    struct mt_yaml **items; /* of a mapping the values */
    size_t count;
};

/* Everything that belongs to one file; its name is what messages call it. */
struct mt_yaml_file {
    char *name;
    struct mt_yaml *root;
    void **blocks; /* all memory, released at once */
    size_t block_count;
};

/* Aliases share what they stand for, so that the tree is none strictly: do not change nodes. */

/* On failure the error is "FILE:LINE:COLUMN: what", or "FILE: what" where there is no place. */
int mt_yaml_parse(const char *name, const char *text, size_t size, struct mt_yaml_file *ret_file,
                  struct mt_error *error);
int mt_yaml_read(const char *path, struct mt_yaml_file *ret_file, struct mt_error *error);
void mt_yaml_clear(struct mt_yaml_file *file);

/* Nothing written, "~" or "null", without quotes. */
bool mt_yaml_is_null(const struct mt_yaml *node);

/* NULL: the mapping has no such key. */
struct mt_yaml *mt_yaml_get(const struct mt_yaml *mapping, const char *key);

/* "mapping", "list", "single value" */
const char *mt_yaml_kind_name(const struct mt_yaml *node);

/*
 * Both laid over each other: maps merge, lists and scalars of `over` replace; a key of `over` with
 * nothing behind it ("fd:") is an empty map to a map. `file` owns what is new; neither argument
 * changes.
 */
struct mt_yaml *mt_yaml_merge(struct mt_yaml_file *file, struct mt_yaml *under,
                              struct mt_yaml *over);

/* Fails with the node's place in front, in one clean line whatever text of the file it quotes. */
int mt_yaml_fail(const struct mt_yaml_file *file, const struct mt_yaml *node,
                 struct mt_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
