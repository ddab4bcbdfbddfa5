/* SPDX-License-Identifier: Apache-2.0 */
/* A number from a text that is the same everywhere and in every version: FNV-1a, 64 bits. */
#ifndef MT_BASE_HASH_H
#define MT_BASE_HASH_H

#include <stdint.h>

uint64_t mt_hash(const char *text);

#endif
