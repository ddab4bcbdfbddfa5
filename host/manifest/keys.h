/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of a manifest, version 1: one row for each key. The rows say how a manifest is read,
 * how it is printed, and what its JSON schema and its manual page say. Keys are added, never
 * changed.
 */
#ifndef MT_MANIFEST_KEYS_H
#define MT_MANIFEST_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "manifest/yaml.h"

/* What the value of a key is, and which type the struct's member has. */
enum mt_key_type {
    MT_KEY_CONSTANT,   /* the text of `fallback`, and no member */
    MT_KEY_TEXT,       /* const char *; "" where the key is absent */
    MT_KEY_DATE,       /* const char *: 2027-03-01 */
    MT_KEY_INT,        /* int64_t; `words`, if any, has one word, which is 0 */
    MT_KEY_BOOL,       /* bool */
    MT_KEY_CHOICE,     /* bool: `words` has two words, and the first is true */
    MT_KEY_SIZE,       /* int64_t, in bytes: 150MiB, 2GiB, 4096 */
    MT_KEY_DURATION,   /* int64_t, in milliseconds: 60s, 500ms, 2m, 1h; 60 is seconds */
    MT_KEY_LIST,       /* struct mt_strings */
    MT_KEY_FOLDERS,    /* struct mt_strings */
    MT_KEY_PREFERENCE, /* struct mt_strings: the first word alone, or others in order */
    MT_KEY_ENV,        /* struct mt_strings of "NAME=VALUE", from a mapping */
    MT_KEY_MAPPING,    /* a struct, or (offset 0) members of the same struct; see `keys` */
    MT_KEY_QEMU,       /* struct mt_manifest_qemu: a mapping, or its first value alone */
    MT_KEY_ENTRIES,    /* const struct mt_yaml *: a list of mappings; see `keys` */
    MT_KEY_OPTIONS,    /* const struct mt_yaml *: a mapping of any keys, or NULL */
    MT_KEY_PLUGINS,    /* struct mt_manifest: `plugins`, each of them a mapping; see `keys` */
    MT_KEY_HOSTS,      /* no member: hosts.c applies the entries before the keys are read */
};

enum mt_key_presence {
    MT_KEY_OPTIONAL,
    MT_KEY_REQUIRED,
    MT_KEY_ALTERNATIVE, /* of the alternatives in one mapping exactly one is required */
};

struct mt_key_reader {
    const struct mt_yaml_file *file;
    struct mt_error *error;
};

struct mt_key {
    const char *name;
    enum mt_key_type type;
    enum mt_key_presence presence;
    size_t offset;   /* of the member in the struct */
    int64_t minimum; /* of numbers, sizes and durations */
    int64_t maximum;
    const char *const *words; /* the values that are allowed, ended by NULL; NULL: any value */
    const char *fallback;     /* the value where the key is absent, as a manifest has it; or NULL */
    const struct mt_key *keys; /* of a mapping, ended by a key without a name */
    const char *noun;          /* what messages call such a mapping */
    /* Checks more than the type says, after the value was read into `target`; NULL: nothing. */
    int (*check)(const struct mt_key_reader *reader, const struct mt_yaml *node, void *target);
    const char *about; /* what the value means, in sentences */
};

/* The keys at the top of a manifest. Their struct is struct mt_manifest. */
extern const struct mt_key mt_manifest_keys[];

/* A number, size or duration as a manifest has it. The caller frees the text. */
char *mt_key_number_text(const struct mt_key *key, int64_t value);

/* [a-z0-9][a-z0-9_-]*, because the name is a file's name, too. */
bool mt_plugin_name_is_possible(const char *name);

#endif
