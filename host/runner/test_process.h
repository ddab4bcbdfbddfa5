/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt at one test: its worker, what that says, and the verdict. */
#ifndef MT_RUNNER_TEST_PROCESS_H
#define MT_RUNNER_TEST_PROCESS_H

#include "journal/event.h"
#include "runner/plan.h"
#include "runner/run.h"
#include "runner/verdict.h"

struct mt_test_process {
    const struct mt_planned *test;
    const struct mt_run_config *config;
    void *data;
    void (*event)(void *data, struct mt_event *event);
    void (*over)(void *data, const struct mt_test_process *process, const char *outcome);
    unsigned weight;
    bool handled; /* started, or settled without being run */
    bool running;
    bool interrupted;
    int64_t attempt;
    int64_t started_ms;
    char *log; /* relative to the results */
    char *reproduce;
    char *accel; /* what was really used */
    char *machine;
    struct mt_testimony testimony;
};

void mt_test_process_init(struct mt_test_process *process, const struct mt_planned *test);

/* Always ends in `over`, also where no worker could be started. */
void mt_test_process_start(struct mt_test_process *process, const struct mt_run_config *config);

/* What comes now is because the run was interrupted. */
void mt_test_process_interrupt(struct mt_test_process *process);

#endif
