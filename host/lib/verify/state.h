/* SPDX-License-Identifier: Apache-2.0 */
/* The oracle `state`: both sides have the same device state, which is everything that QEMU migrates
 * besides RAM. It compares dumps of both sides, bit for bit, while both sides stand still. */
#ifndef MT_VERIFY_STATE_H
#define MT_VERIFY_STATE_H

#include "base/error.h"
#include "lib/pair/pair.h"

int mt_state_compare(struct mt_pair *pair, struct mt_error *error);

#endif
