/* SPDX-License-Identifier: Apache-2.0 */
/* One repetition of a test: its attempts one after the other, each a worker (or several, where one
 * could find nothing out), what that says, and the verdict. */
#ifndef MT_RUNNER_TEST_PROCESS_H
#define MT_RUNNER_TEST_PROCESS_H

#include "jobs/verdict.h"
#include "journal/event.h"
#include "plan/plan.h"
#include "runner/run.h"
#include "runner/watch.h"

struct mt_test_process {
    const struct mt_planned *test;
    const struct mt_run_config *config;
    void *data;
    void (*event)(void *data, struct mt_event *event);
    /* The repetition is over, and the process may be freed. */
    void (*over)(void *data, struct mt_test_process *process, bool bad);
    struct mt_test_process *next; /* the owner's */
    int64_t repeat;               /* 0: the test is not repeated */
    int64_t attempt;              /* those that were made before, at first */
    char *fault;                  /* of the first attempt that failed */
    bool interrupted;
    struct mt_worker *worker; /* NULL: none is at work */
    struct mt_watch watch;
    int64_t started_ms;
    unsigned undecided; /* tries of this attempt in which nothing could be found out */
    char *log;          /* relative to the results */
    int64_t log_from;   /* where in it the present process began */
    char *bundle;       /* relative to the results; only an attempt that goes wrong keeps it */
    char *reproduce;
    struct mt_strings commands; /* of the QEMUs that it started */
    char *accel;                /* what was really used */
    char *machine;
    struct mt_job_facts facts;
};

/* Always ends in `over`, also where no worker could be started. */
void mt_test_process_start(struct mt_test_process *process);

/* What comes now is because the run was interrupted. */
void mt_test_process_interrupt(struct mt_test_process *process);

/* So many milliseconds went by: ends an attempt in which nothing moves any more. */
void mt_test_process_tick(struct mt_test_process *process, int64_t ms);

#endif
