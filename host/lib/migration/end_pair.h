/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a pair whose test has returned. */
#ifndef MT_MIGRATION_END_PAIR_H
#define MT_MIGRATION_END_PAIR_H

#include "base/error.h"
#include "lib/pair/pair.h"

#include <migtest/abi.h>

/*
 * Tells the QEMUs that still run to quit, and waits until they have ended with exit status 0: a
 * QEMU that cannot quit is a finding, too. Fails also where the test has not ended its migration.
 */
MT_API int mt_pair_finish(struct mt_pair *pair, struct mt_error *error);

#endif
