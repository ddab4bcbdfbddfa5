/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the tests of a plan in worker processes, several at once, and tells what happens as events.
 */
#ifndef MT_RUNNER_RUN_H
#define MT_RUNNER_RUN_H

#include "journal/event.h"
#include "plan/history.h"
#include "plan/plan.h"
#include "runner/calibrate.h"
#include "runner/signals.h"

struct mt_run_config {
    struct mt_survey *survey;
    struct mt_plan_list *plan;
    const struct mt_selection *selection;
    struct mt_signals *signals;       /* already being watched */
    const char *results;              /* an existing folder */
    const char *reproduce;            /* the command that runs a test again, up to -t */
    const struct mt_history *history; /* of the run that this run resumes; NULL: none */
    unsigned slots;
    int64_t timeout_ms; /* of every test; 0: the test's, or the manifest's, scaled to this host */
    struct mt_calibration calibration; /* its boot time is replaced by the accelerator's */
    int64_t retries;
    int64_t repeat; /* 0: once, and repetitions are not numbered */
    bool until_fail;
    int64_t seed; /* of the order; 0: the planned order */
    bool fail_fast;
    void *data;
    void (*event)(void *data, const struct mt_event *event);
    /*
     * Writes the details of an attempt that went wrong into its folder. `waiting` is what the
     * attempt last waited for (NULL: nothing), `commands` are the QEMUs that it started.
     */
    int (*explain_failure)(const char *folder, const struct mt_event *finished, const char *waiting,
                           const struct mt_strings *commands, const char *reproduce,
                           struct mt_error *error);
};

/* Returns the signal that ended the run early, or 0. */
int mt_run(const struct mt_run_config *config);

#endif
