/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compiler may leave padding unset. So a public struct must have none, neither at its end nor
 * inside, where a later member could lie. Clang checks only those structs whose size is used.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"
#include <migtest/migtest.h>

#define ASSERT_WHOLE(type)                                                                         \
    _Static_assert(sizeof(type) % 8 == 0,                                                          \
                   "a member of 8 bytes at the end of " #type " leaves a gap")
ASSERT_WHOLE(struct mt_dirtying);
ASSERT_WHOLE(struct mt_group);
ASSERT_WHOLE(struct mt_limits);
ASSERT_WHOLE(struct mt_machine);
ASSERT_WHOLE(struct mt_migration);
ASSERT_WHOLE(struct mt_multifd);
ASSERT_WHOLE(struct mt_needs);
ASSERT_WHOLE(struct mt_option);
ASSERT_WHOLE(struct mt_plugin);
ASSERT_WHOLE(struct mt_since);
ASSERT_WHOLE(struct mt_test);
#pragma GCC diagnostic pop

#include "lib/api/known.h"

#include <string.h>

#include "base/text.h"

static size_t size_of(const void *theirs)
{
    size_t size;

    memcpy(&size, theirs, sizeof(size));
    return size;
}

void *mt_known_part(const void *theirs, size_t our_size)
{
    if (theirs == NULL) {
        return NULL;
    }
    size_t their_size = size_of(theirs);
    void *known = mt_alloc(1, our_size);
    memcpy(known, theirs, their_size < our_size ? their_size : our_size);
    return known;
}

static bool has_set_byte(const unsigned char *bytes, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (bytes[i] != 0) {
            return true;
        }
    }
    return false;
}

bool mt_uses_unknown(const void *theirs, size_t their_size, struct mt_layout ours)
{
    size_t reserved_end = ours.reserved_offset + ours.reserved_size;

    return has_set_byte(theirs, ours.reserved_offset,
                        reserved_end < their_size ? reserved_end : their_size) ||
           has_set_byte(theirs, ours.size, their_size);
}

bool mt_struct_uses_unknown(const void *theirs, struct mt_layout ours)
{
    return theirs != NULL && mt_uses_unknown(theirs, size_of(theirs), ours);
}

bool mt_struct_lacks_size(const void *theirs)
{
    return theirs != NULL && size_of(theirs) <= sizeof(size_t);
}

int mt_take_known(const char *name, const void *theirs, void *ret_ours, struct mt_layout ours,
                  struct mt_error *error)
{
    if (theirs == NULL) {
        return mt_fail(error, "struct %s is needed, and there is none", name);
    }
    if (mt_struct_lacks_size(theirs)) {
        return mt_fail(
            error, "struct %s has no size; it is written with its macro, which sets that", name);
    }
    if (mt_struct_uses_unknown(theirs, ours)) {
        return mt_fail(error,
                       "a member of struct %s is used that this migtest (ABI %d.%d) does not know",
                       name, MT_ABI_MAJOR, MT_ABI_MINOR);
    }
    size_t their_size = size_of(theirs);
    memset(ret_ours, 0, ours.size);
    memcpy(ret_ours, theirs, their_size < ours.size ? their_size : ours.size);
    memcpy(ret_ours, &ours.size, sizeof(ours.size));
    return 0;
}
