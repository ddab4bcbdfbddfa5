/* SPDX-License-Identifier: Apache-2.0 */
/* All workers of this program that are at work. */
#ifndef MT_JOBS_WORKERS_H
#define MT_JOBS_WORKERS_H

#include <stddef.h>
#include <sys/types.h>
#include <uv.h>

struct mt_worker;

struct mt_workers {
    uv_loop_t *loop;
    const char *program;     /* the path of migtest-worker */
    const char *identity;    /* of the program and all that it works with, for what is cached */
    struct mt_worker *first; /* those at work */
    unsigned started;        /* how many were started */
    const pid_t *others;     /* children of this program that no worker has left behind */
    size_t other_count;
};

/* How many are at work. */
unsigned mt_workers_count(const struct mt_workers *workers);

void mt_workers_stop_all(struct mt_workers *workers);

void mt_workers_add(struct mt_workers *workers, struct mt_worker *worker);
void mt_workers_remove(struct mt_workers *workers, struct mt_worker *worker);

/*
 * Kills the children of this program that it did not start. Whatever a killed worker leaves behind
 * becomes a child of this program.
 */
void mt_workers_kill_orphans(const struct mt_workers *workers);

#endif
