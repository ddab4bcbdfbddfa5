/* SPDX-License-Identifier: Apache-2.0 */
/* Reading typed values out of YAML by a table of keys. */
#ifndef MT_MANIFEST_VALUES_H
#define MT_MANIFEST_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "manifest/yaml.h"

struct mt_key;

struct mt_value_reader {
    const struct mt_yaml_file *file;
    struct mt_error *error;
};

typedef int (*mt_read_value)(const struct mt_value_reader *reader, const struct mt_key *key,
                             const struct mt_yaml *node, void *target);

/* One key of a mapping: how its value is read, and where in the target struct it goes. */
struct mt_key {
    const char *name;
    mt_read_value read;
    size_t offset;
    int64_t minimum; /* of numbers */
    int64_t maximum;
    const char *const *words; /* the values allowed; NULL: any */
};

/* Reads a mapping into a struct; a key that the table (ended by a NULL name) lacks is an error. */
int mt_read_mapping(const struct mt_value_reader *reader, const struct mt_yaml *node,
                    const char *what, const struct mt_key *keys, void *target);

int mt_read_string(const struct mt_value_reader *reader, const struct mt_key *key,
                   const struct mt_yaml *node, void *target);
int mt_read_int(const struct mt_value_reader *reader, const struct mt_key *key,
                const struct mt_yaml *node, void *target);
int mt_read_bool(const struct mt_value_reader *reader, const struct mt_key *key,
                 const struct mt_yaml *node, void *target);
/* 150MiB, 2GiB, 4096: into int64_t bytes */
int mt_read_size(const struct mt_value_reader *reader, const struct mt_key *key,
                 const struct mt_yaml *node, void *target);
/* 60s, 500ms, 2m, 1h; 60 is seconds: into int64_t milliseconds */
int mt_read_duration(const struct mt_value_reader *reader, const struct mt_key *key,
                     const struct mt_yaml *node, void *target);
/* Into struct mt_strings, which is cleared first. */
int mt_read_strings(const struct mt_value_reader *reader, const struct mt_key *key,
                    const struct mt_yaml *node, void *target);
/* One string or a list of them. */
int mt_read_string_or_strings(const struct mt_value_reader *reader, const struct mt_key *key,
                              const struct mt_yaml *node, void *target);
/* NAME: VALUE pairs into "NAME=VALUE" strings. */
int mt_read_environment(const struct mt_value_reader *reader, const struct mt_key *key,
                        const struct mt_yaml *node, void *target);

/* The parts of these that plain text can have, for options of plugins and the command line. */
int mt_parse_int(const char *text, int64_t *ret_value);
int mt_parse_bool(const char *text, bool *ret_value);
int mt_parse_size(const char *text, int64_t *ret_bytes);
int mt_parse_duration(const char *text, int64_t *ret_ms);

/* The other way round, in the largest unit that loses nothing; the caller frees it. */
char *mt_size_text(int64_t bytes);
char *mt_duration_text(int64_t ms);

/* What a message says was expected where this node stands instead of true or false. */
const char *mt_bool_expected(const struct mt_yaml *node);

#endif
