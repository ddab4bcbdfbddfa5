/* SPDX-License-Identifier: Apache-2.0 */
/* Going on with a run that ended early. */
#ifndef MT_CLI_RESUME_H
#define MT_CLI_RESUME_H

#include "cli/audience.h"
#include "manifest/manifest.h"
#include "plan/history.h"

/*
 * Reads what that run's journal has into history and results. Returns -1 to go on, or the exit
 * status when it has said why that cannot be: there is no journal, or it is of other QEMUs than
 * `opening` names.
 */
int mt_resume(const char *journal, const struct mt_event *opening, struct mt_results *results,
              struct mt_history *history);

/*
 * Says that the run goes on, with how much, what of the journal could not be read, and which tests
 * are not run any more as the manifest has disabled their plugins since.
 */
void mt_tell_resumed(struct mt_audience *audience, const struct mt_event *opening,
                     const struct mt_history *history, const struct mt_manifest *manifest);

#endif
