/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/known.h"

#include <string.h>

#include "base/text.h"

void *mt_known_part(const void *theirs, size_t our_size)
{
    size_t their_size;

    if (theirs == NULL) {
        return NULL;
    }
    memcpy(&their_size, theirs, sizeof(their_size));
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
    size_t their_size;

    if (theirs == NULL) {
        return false;
    }
    memcpy(&their_size, theirs, sizeof(their_size));
    return mt_uses_unknown(theirs, their_size, our_size);
}

int mt_take_known(const char *name, const void *theirs, void *ret_ours, size_t our_size,
                  struct mt_error *error)
{
    size_t their_size;

    if (mt_struct_uses_unknown(theirs, our_size)) {
        return mt_fail(error,
                       "a member of struct %s is used that this migtest (ABI %d.%d) does not know",
                       name, MT_ABI_MAJOR, MT_ABI_MINOR);
    }
    memcpy(&their_size, theirs, sizeof(their_size));
    memset(ret_ours, 0, our_size);
    memcpy(ret_ours, theirs, their_size < our_size ? their_size : our_size);
    memcpy(ret_ours, &our_size, sizeof(our_size));
    return 0;
}
