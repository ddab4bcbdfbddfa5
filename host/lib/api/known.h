/* SPDX-License-Identifier: Apache-2.0 */
/* The structs of the public headers grow. These functions read the known part of a plugin's struct.
 */
#ifndef MT_API_KNOWN_H
#define MT_API_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#include <migtest/abi.h>

/* A public struct as this migtest knows it: its size, and which of its bytes are reserved. */
struct mt_layout {
    size_t size;
    size_t reserved_offset;
    size_t reserved_size;
};

#define MT_LAYOUT(type)                                                                            \
    ((struct mt_layout){sizeof(type), offsetof(type, reserved), sizeof(((type *)NULL)->reserved)})

/* Copies the known part of a struct that begins with its size; NULL gives NULL. The caller frees
 * the copy. */
MT_API void *mt_known_part(const void *theirs, size_t our_size);

/*
 * Whether a struct uses a member that this migtest does not know, behind the known size or in
 * reserved bytes. A plugin that was built with newer headers may do so. To ignore the member would
 * run something else than the plugin asks for.
 */
MT_API bool mt_uses_unknown(const void *theirs, size_t their_size, struct mt_layout ours);

/* The same for a struct that begins with its size. NULL uses nothing. */
MT_API bool mt_struct_uses_unknown(const void *theirs, struct mt_layout ours);

/* Whether a struct that begins with its size was written without its macro, which sets the size. */
bool mt_struct_lacks_size(const void *theirs);

/*
 * Copies the known part of a struct that begins with its size into ours, whose other members become
 * zero. Fails where the struct uses unknown members, or has no size. `name` is the struct's name.
 */
int mt_take_known(const char *name, const void *theirs, void *ret_ours, struct mt_layout ours,
                  struct mt_error *error);

#endif
