/* SPDX-License-Identifier: Apache-2.0 */
/* The limits of a test in a run on this host. */
#ifndef MT_RUNNER_TEST_LIMITS_H
#define MT_RUNNER_TEST_LIMITS_H

#include "plan/plan.h"
#include "runner/run.h"

/* The RAM of the test's guest in bytes: the test's own, or the manifest's. */
int64_t mt_test_ram(const struct mt_run_config *config, const struct mt_planned *test);

/* How much longer the test may take here than on the reference machine: for this host, and for the
 * guest's RAM. */
double mt_test_factor(const struct mt_run_config *config, const struct mt_planned *test);

/*
 * The time limit. A limit of the command line is meant for this host. The test's own and the
 * manifest's are meant for the reference machine, and are multiplied by the factor.
 */
int64_t mt_test_timeout_ms(const struct mt_run_config *config, const struct mt_planned *test);

#endif
