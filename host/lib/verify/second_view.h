/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracle `second-view`: what QEMU shows of its state through other commands is the same on both
 * sides. This finds what the oracle `state` cannot: a field that the migration code of a device
 * forgets is missing in both dumps, so the dumps are equal.
 */
#ifndef MT_VERIFY_SECOND_VIEW_H
#define MT_VERIFY_SECOND_VIEW_H

#include "base/error.h"
#include "lib/pair/pair.h"

/*
 * Values that both sides show must be the same. Two versions of QEMU may show different values, or
 * the same value in different ways, without any migration. Such values are noted in the result.
 */
int mt_second_view_compare(struct mt_pair *pair, struct mt_error *error);

#endif
