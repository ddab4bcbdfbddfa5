/* SPDX-License-Identifier: Apache-2.0 */
/* The structs of the public headers grow: what is known here of one that a plugin hands over. */
#ifndef MT_API_KNOWN_H
#define MT_API_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#include <migtest/abi.h>

/* What this migtest knows of a public struct: its size, and which of its bytes are reserved. */
struct mt_layout {
    size_t size;
    size_t reserved_offset;
    size_t reserved_size;
};

#define MT_LAYOUT(type)                                                                            \
    ((struct mt_layout){sizeof(type), offsetof(type, reserved), sizeof(((type *)NULL)->reserved)})

/* The known part of a struct that begins with its size, NULL for NULL; the caller frees it. */
MT_API void *mt_known_part(const void *theirs, size_t our_size);

/*
 * Whether a struct uses what we do not know, behind our size or in reserved bytes: a plugin built
 * with newer headers may, and passing over it would run something else than it asked for.
 */
MT_API bool mt_uses_unknown(const void *theirs, size_t their_size, struct mt_layout ours);

/* The same for one that begins with its size; NULL uses nothing. */
MT_API bool mt_struct_uses_unknown(const void *theirs, struct mt_layout ours);

/* Whether one that should begin with its size was written without its macro, which sets that. */
bool mt_struct_lacks_size(const void *theirs);

/*
 * Takes what is known of a struct that begins with its size into ours, whose other members become
 * zero; refuses one that uses more, or has no size. `name` is its name.
 */
int mt_take_known(const char *name, const void *theirs, void *ret_ours, struct mt_layout ours,
                  struct mt_error *error);

#endif
