/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of a run before its first test. */
#ifndef MT_CLI_OPENING_H
#define MT_CLI_OPENING_H

#include "cli/audience.h"
#include "cli/session.h"
#include "plan/plan.h"

/* run-started with what this run would be; the texts are borrowed. */
struct mt_event mt_opening_event(const struct mt_session *session,
                                 const struct mt_cli_options *options, unsigned slots);

void mt_tell_opening(struct mt_audience *audience, const struct mt_session *session,
                     const struct mt_event *opening, const struct mt_plan_list *plan);

#endif
