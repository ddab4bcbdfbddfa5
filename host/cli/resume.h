/* SPDX-License-Identifier: Apache-2.0 */
/* --resume: continues a run that ended early. */
#ifndef MT_CLI_RESUME_H
#define MT_CLI_RESUME_H

#include "cli/audience.h"
#include "manifest/manifest.h"
#include "plan/history.h"

/*
 * Reads the journal of that run into history and results. Returns -1 if the run can be continued.
 * Otherwise prints why not (there is no journal, or it names other QEMUs than `opening`) and
 * returns the exit status.
 */
int mt_resume(const char *journal, const struct mt_event *opening, struct mt_results *results,
              struct mt_history *history);

/*
 * Reports that the run is continued: the number of tests with a result, the lines of the journal
 * that could not be read, and the tests that do not run any more because the manifest disables
 * their plugins now.
 */
void mt_tell_resumed(struct mt_audience *audience, const struct mt_event *opening,
                     const struct mt_history *history, const struct mt_manifest *manifest);

#endif
