/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs as JSON objects. A table describes the members of a struct. Encoding, decoding and
 * release follow the table, so that each member is described in one place.
 */
#ifndef MT_PROTOCOL_MEMBERS_H
#define MT_PROTOCOL_MEMBERS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum mt_member_type {
    MT_MEMBER_TEXT,   /* const char * */
    MT_MEMBER_TEXTS,  /* const char *const *: a list that ends with NULL; NULL is the empty list */
    MT_MEMBER_WHOLE,  /* int64_t */
    MT_MEMBER_REAL,   /* double */
    MT_MEMBER_BOOL,   /* bool */
    MT_MEMBER_JSON,   /* json_t *: any value; NULL is null */
    MT_MEMBER_STRUCT, /* a struct that has a table of its own */
};

struct mt_members {
    const struct mt_member *items;
    size_t count;
};

struct mt_member {
    const char *name; /* the key in the JSON object */
    enum mt_member_type type;
    size_t offset;
    bool optional;            /* not written when NULL, 0 or false; read as that when absent */
    bool clean;               /* written as mt_clean has it: the text may come from anywhere */
    struct mt_members nested; /* of MT_MEMBER_STRUCT */
};

/* The type of a row, from the type of the struct's member. */
#define MT_MEMBER_TYPE(member)                                                                     \
    _Generic((member),                                                                             \
        const char *: MT_MEMBER_TEXT,                                                              \
        const char *const *: MT_MEMBER_TEXTS,                                                      \
        int64_t: MT_MEMBER_WHOLE,                                                                  \
        double: MT_MEMBER_REAL,                                                                    \
        bool: MT_MEMBER_BOOL,                                                                      \
        json_t *: MT_MEMBER_JSON,                                                                  \
        default: MT_MEMBER_STRUCT)

/* A row of a table: the member `path` of a struct, and what is special about the row. */
#define MT_MEMBER(structure, path, key, ...)                                                       \
    {                                                                                              \
        .name = (key), .type = MT_MEMBER_TYPE(((structure *)0)->path),                             \
        .offset = offsetof(structure, path), __VA_ARGS__                                           \
    }

/* An array of rows as a table. */
#define MT_MEMBERS(rows)                                                                           \
    {                                                                                              \
        (rows), sizeof(rows) / sizeof((rows)[0])                                                   \
    }

/* The struct as a JSON object, which is the caller's. */
json_t *mt_members_encode(const struct mt_members *members, const void *object);

/*
 * Reads the members from a JSON object and removes them from it. The struct must be zero at first;
 * afterwards it owns its texts and values, and mt_members_clear releases them, also after an error.
 * `name` is what a message calls the object.
 */
int mt_members_decode(const struct mt_members *members, json_t *json, const char *name,
                      void *object, struct mt_error *error);

/* Fails when the object still has a member: nobody knows it. */
int mt_members_end(const json_t *json, const char *name, struct mt_error *error);

void mt_members_clear(const struct mt_members *members, void *object);

/* One kind of a message that comes in several kinds, each with members of its own. */
struct mt_kind {
    const char *name; /* NULL: the kind is never sent */
    struct mt_members members;
};

struct mt_kinds {
    const struct mt_kind *items;
    size_t count;
    struct mt_members common; /* what every kind has */
};

/* A message is a struct with the common members and a union of those of each kind. In the JSON
 * object all of them stand side by side, with the name of the kind as "kind". */
json_t *mt_kinds_encode(const struct mt_kinds *kinds, size_t kind, const void *message);

/* As mt_members_decode. Every member of the JSON object must be known. */
int mt_kinds_decode(const struct mt_kinds *kinds, json_t *json, const char *name, size_t *ret_kind,
                    void *message, struct mt_error *error);

void mt_kinds_clear(const struct mt_kinds *kinds, size_t kind, void *message);

#endif
