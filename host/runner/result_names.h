/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of a test's files in the results folder. Each test, repetition and attempt has names of
 * its own. The names are relative to that folder; the caller frees them. `repeat` is 0 if tests are
 * not repeated.
 */
#ifndef MT_RUNNER_RESULT_NAMES_H
#define MT_RUNNER_RESULT_NAMES_H

#include <stdint.h>

#include "base/test_id.h"

char *mt_log_name(const struct mt_test_id *id, int64_t repeat, int64_t attempt);

/* The folder of the failure bundle. */
char *mt_bundle_name(const struct mt_test_id *id, int64_t repeat, int64_t attempt);

#endif
