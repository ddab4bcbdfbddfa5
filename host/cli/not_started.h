/* SPDX-License-Identifier: Apache-2.0 */
/* A run of which nothing can be started: its one cause is said once, however many tests it had. */
#ifndef MT_CLI_NOT_STARTED_H
#define MT_CLI_NOT_STARTED_H

#include "cli/options.h"
#include "cli/session.h"
#include "plan/plan.h"

/*
 * Says why, and writes the reports that were asked for, in which every test is skipped and the run
 * has failed. What the results folder has of earlier runs stays. Returns the exit status.
 */
int mt_say_not_started(const struct mt_session *session, const struct mt_cli_options *options,
                       const struct mt_plan_list *plan, const char *fault);

#endif
