/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One repetition of a test: its attempts, one after the other, and their verdicts. An attempt is
 * one worker, or several if a worker could not decide anything.
 */
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
    struct mt_test_process *next; /* for the owner's list */
    int64_t repeat;               /* 0: the test is not repeated */
    int64_t attempt;              /* at first, the number of attempts of an earlier run */
    char *fault;                  /* message of the first attempt that failed; NULL: none */
    bool interrupted;
    struct mt_worker *worker; /* NULL: none is running */
    struct mt_watch watch;
    int64_t started_ms;
    unsigned undecided; /* workers of this attempt that could not decide anything */
    char *log;          /* relative to the results folder */
    int64_t log_from;   /* offset at which the present worker began to write */
    char *bundle;       /* relative to the results folder; kept if the attempt goes wrong */
    char *reproduce;
    struct mt_strings commands; /* command lines of the QEMUs that the worker started */
    char *accel;                /* that was really used, as is the machine */
    char *machine;
    struct mt_job_facts facts;
};

/* Starts the first attempt. `over` is always called in the end, even if no worker can be started.
 */
void mt_test_process_start(struct mt_test_process *process);

/* The run was interrupted: what happens from now on is no failure of the test. */
void mt_test_process_interrupt(struct mt_test_process *process);

/* `ms` milliseconds have passed. Ends an attempt in which nothing moves any more. */
void mt_test_process_tick(struct mt_test_process *process, int64_t ms);

#endif
