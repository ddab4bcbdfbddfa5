/* SPDX-License-Identifier: Apache-2.0 */
/* A run that cannot start: its one cause is printed once, not for each test. */
#ifndef MT_CLI_NOT_STARTED_H
#define MT_CLI_NOT_STARTED_H

#include "cli/options.h"
#include "cli/session.h"
#include "plan/plan.h"

/*
 * Prints the cause. Writes the requested reports, in which every test is skipped and the run has
 * failed. Leaves the results folder with earlier results as it is. Returns the exit status.
 */
int mt_say_not_started(const struct mt_session *session, const struct mt_cli_options *options,
                       const struct mt_plan_list *plan, const char *fault);

#endif
