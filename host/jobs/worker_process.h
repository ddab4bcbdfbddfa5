/* SPDX-License-Identifier: Apache-2.0 */
/* A migtest-worker at its job: started, heard, bounded in time, ended. */
#ifndef MT_JOBS_WORKER_PROCESS_H
#define MT_JOBS_WORKER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/error.h"
#include "jobs/child.h"
#include "jobs/record_reader.h"
#include "protocol/job.h"

/* What all workers of this program share. */
struct mt_workers {
    uv_loop_t *loop;
    const char *program;     /* the path of migtest-worker */
    const char *identity;    /* of it and of all that it works with, for what is cached */
    struct mt_worker *first; /* those at work */
    unsigned started;
    const pid_t *others; /* children of this program that are no workers, nor left by one */
    size_t other_count;
};

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
    bool out_of_time; /* and asked to end for that */
    int term_signal;
    unsigned open_handles;
};

/* Starts a worker for the job, which gets a token and a scratch folder here. `ret_worker` may be
 * NULL. */
int mt_worker_start(struct mt_workers *workers, const struct mt_worker_config *config,
                    const struct mt_job *job, struct mt_worker **ret_worker,
                    struct mt_error *error);

/* From now on it has so long. */
void mt_worker_give(struct mt_worker *worker, int64_t ms);

/* Asks it to end, which it does by killing all it has started; kills it if it does not. */
void mt_worker_stop(struct mt_worker *worker);
void mt_workers_stop_all(struct mt_workers *workers);

/* How many are at work. */
unsigned mt_workers_count(const struct mt_workers *workers);

#endif
