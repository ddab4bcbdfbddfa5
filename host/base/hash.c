/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

uint64_t mt_hash(const char *text)
{
    uint64_t hash = MT_HASH_START;

    for (; *text != '\0'; text++) {
        hash = mt_hash_add(hash, (unsigned char)*text);
    }
    return hash;
}
