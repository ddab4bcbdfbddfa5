/* SPDX-License-Identifier: Apache-2.0 */
/* Where a returned error becomes a failed test. */
#ifndef MT_LIB_ASSERT_H
#define MT_LIB_ASSERT_H

#include "lib/observer.h"

#include <migtest/abi.h>

/* Who hears of failures and skips in this process, which runs one test, as cmocka's longjmp knows
 * but one. */
MT_API void mt_assert_attach(const struct mt_observer *observer);

#endif
