/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

uint64_t mt_hash(const char *text)
{
    uint64_t value = 14695981039346656037U;

    for (; *text != '\0'; text++) {
        value = (value ^ (unsigned char)*text) * 1099511628211U;
    }
    return value;
}
