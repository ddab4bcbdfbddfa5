/* SPDX-License-Identifier: Apache-2.0 */
/* One migtest-worker: the host gives it a job, reads its records, and ends it when its time is
 * over. */
#ifndef MT_JOBS_WORKER_PROCESS_H
#define MT_JOBS_WORKER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/error.h"
#include "jobs/child.h"
#include "jobs/record_reader.h"
#include "jobs/workers.h"
#include "protocol/job.h"

struct mt_worker_config {
    void *data;
    void (*record)(void *data, struct mt_record *record); /* see struct mt_record_reader */
    void (*done)(void *data, const struct mt_worker *worker);
    const char *argument; /* what the worker works on, for people who read ps */
    const char *log;      /* a file for its stdout and stderr; NULL: nowhere */
    int64_t memory;       /* bytes that its processes may have to free when they end; 0: few */
};

struct mt_worker {
    struct mt_workers *workers;
    struct mt_worker *next;
    struct mt_worker_config config;
    int64_t timeout_ms;
    char *scratch;
    char token[33];
    struct mt_record_reader reader;
    struct mt_child process;
    uv_pipe_t job;
    uv_pipe_t records;
    uv_timer_t timer;
    char buffer[8192];
    char *job_line;
    uv_write_t write;
    bool exited;
    bool stopping;
    int term_signal;
    unsigned open_handles;
};

/* Starts a worker for the job, which gets a token and a scratch folder here. `ret_worker` may be
 * NULL. */
int mt_worker_start(struct mt_workers *workers, const struct mt_worker_config *config,
                    const struct mt_job *job, struct mt_worker **ret_worker,
                    struct mt_error *error);

/* Asks the worker to end; it kills all processes that it has started. A worker that does not end is
 * killed. */
void mt_worker_stop(struct mt_worker *worker);

#endif
