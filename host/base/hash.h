/* SPDX-License-Identifier: Apache-2.0 */
/* FNV-1a with 64 bits: the hash of a text is the same on each machine and in each version. */
#ifndef MT_BASE_HASH_H
#define MT_BASE_HASH_H

#include <stdint.h>

#define MT_HASH_START UINT64_C(0xcbf29ce484222325)

/* The hash of the bytes so far, and one byte more. */
static inline uint64_t mt_hash_add(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * UINT64_C(0x100000001b3);
}

uint64_t mt_hash(const char *text);

#endif
