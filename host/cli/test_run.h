/* SPDX-License-Identifier: Apache-2.0 */
/* A run of a plan's tests with its results: the part of migtest run that a dry run leaves out. */
#ifndef MT_CLI_TEST_RUN_H
#define MT_CLI_TEST_RUN_H

#include "cli/audience.h"
#include "cli/session.h"
#include "plan/history.h"
#include "plan/plan.h"
#include "plan/selection.h"
#include "runner/calibrate.h"
#include "runner/signals.h"

struct mt_test_run {
    /* The caller's: */
    struct mt_session *session;
    const struct mt_cli_options *options;
    struct mt_selection selection;
    struct mt_plan_list plan;
    struct mt_calibrator calibrator; /* at work */
    /* While it is carried out: */
    struct mt_history earlier; /* of the run that this one resumes */
    struct mt_audience audience;
    struct mt_event opening;
    struct mt_signals signals;
    int64_t start_ms;
};

/* Runs the tests, and writes the results and the reports. Returns the exit status. */
int mt_test_run_carry_out(struct mt_test_run *run);

#endif
