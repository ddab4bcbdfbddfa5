/* SPDX-License-Identifier: Apache-2.0 */
/* The oracle `ram`: both sides have the same RAM. It compares every RAM block, bit for bit, while
 * both sides stand still. */
#ifndef MT_VERIFY_RAM_H
#define MT_VERIFY_RAM_H

#include "base/error.h"
#include "lib/pair/pair.h"

int mt_ram_compare(struct mt_pair *pair, struct mt_error *error);

#endif
