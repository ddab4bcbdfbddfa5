/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/known.h"

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

bool mt_uses_unknown(const void *theirs, size_t their_size, size_t our_size)
{
    const char *bytes = theirs;

    for (size_t i = our_size; i < their_size; i++) {
        if (bytes[i] != 0) {
            return true;
        }
    }
    return false;
}

bool mt_struct_uses_unknown(const void *theirs, size_t our_size)
{
    return theirs != NULL && mt_uses_unknown(theirs, size_of(theirs), our_size);
}

bool mt_struct_lacks_size(const void *theirs)
{
    return theirs != NULL && size_of(theirs) <= sizeof(size_t);
}

int mt_take_known(const char *name, const void *theirs, void *ret_ours, size_t our_size,
                  struct mt_error *error)
{
    if (theirs == NULL) {
        return mt_fail(error, "struct %s is wanted, and there is none", name);
    }
    if (mt_struct_lacks_size(theirs)) {
        return mt_fail(
            error, "struct %s has no size; it is written with its macro, which sets that", name);
    }
    if (mt_struct_uses_unknown(theirs, our_size)) {
        return mt_fail(error,
                       "a member of struct %s is used that this migtest (ABI %d.%d) does not know",
                       name, MT_ABI_MAJOR, MT_ABI_MINOR);
    }
    size_t their_size = size_of(theirs);
    memset(ret_ours, 0, our_size);
    memcpy(ret_ours, theirs, their_size < our_size ? their_size : our_size);
    memcpy(ret_ours, &our_size, sizeof(our_size));
    return 0;
}
