/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in the results folder a test's files stand: no two tests, repeats or attempts share a name.
 * All are relative to that folder; the caller frees them. A repeat of 0 is the only one.
 */
#ifndef MT_RUNNER_RESULT_NAMES_H
#define MT_RUNNER_RESULT_NAMES_H

#include <stdint.h>

#include "base/test_id.h"

char *mt_log_name(const struct mt_test_id *id, int64_t repeat, int64_t attempt);

/* The folder of the failure bundle. */
char *mt_bundle_name(const struct mt_test_id *id, int64_t repeat, int64_t attempt);

#endif
