/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a run before its first test. */
#ifndef MT_CLI_OPENING_H
#define MT_CLI_OPENING_H

#include "cli/audience.h"
#include "cli/session.h"
#include "plan/plan.h"

/* The event run-started, which describes this run. Its texts are borrowed. */
struct mt_event mt_opening_event(const struct mt_session *session,
                                 const struct mt_cli_options *options, unsigned slots);

/* Tells run-started, the plugins, and how many tests are not selected. */
void mt_tell_opening(struct mt_audience *audience, const struct mt_session *session,
                     const struct mt_event *opening, const struct mt_plan_list *plan);

#endif
