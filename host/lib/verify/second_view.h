/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second view of both sides' state, in words of QEMU that no migration code writes: a field which
 * a device's migration state forgets looks equal in two dumps, but not here.
 */
#ifndef MT_VERIFY_SECOND_VIEW_H
#define MT_VERIFY_SECOND_VIEW_H

#include "base/error.h"
#include "lib/pair/pair.h"

/*
 * Values that both sides show must be the same. Two versions of QEMU may name different values, and
 * may show a value differently without any migration: the result says which these were.
 */
int mt_second_view_compare(struct mt_pair *pair, struct mt_error *error);

#endif
