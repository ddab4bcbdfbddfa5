/* SPDX-License-Identifier: Apache-2.0 */
/* A plan carried out: tests in worker processes, several at once, each happening an event. */
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
    struct mt_signals *signals;       /* being watched */
    const char *results;              /* a folder that is there */
    const char *reproduce;            /* the command up to the test's name */
    const struct mt_history *history; /* of the run that this one goes on with; NULL: none */
    unsigned slots;
    int64_t timeout_ms; /* of every test; 0: the test's own, or the manifest's, scaled */
    struct mt_calibration calibration; /* without the boot, which each accelerator has its own of */
    int64_t retries;
    int64_t repeat; /* 0: once, and not numbered */
    bool until_fail;
    int64_t seed; /* of the order; 0: as planned */
    bool fail_fast;
    void *data;
    void (*event)(void *data, const struct mt_event *event);
    /*
     * Writes what is known of an attempt that went wrong into its folder. `waiting` is what the
     * attempt waited for most lately (NULL: nothing), `commands` are the QEMUs that it started.
     */
    int (*explain_failure)(const char *folder, const struct mt_event *finished, const char *waiting,
                           const struct mt_strings *commands, const char *reproduce,
                           struct mt_error *error);
};

/* Returns the signal that ended the run early, or 0. */
int mt_run(const struct mt_run_config *config);

#endif
