/* SPDX-License-Identifier: Apache-2.0 */
/* What the records of a job say about the job. */
#ifndef MT_JOBS_JOB_FACTS_H
#define MT_JOBS_JOB_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "protocol/record.h"

/* Every text is owned; it is NULL where no record says it. */
struct mt_job_facts {
    /* The test and its fixtures. */
    bool test_entered;
    bool test_passed;
    char *open_fixture;   /* entered, and not returned */
    char *failed_fixture; /* the first that failed, or that did not return */
    char *skip_message;   /* why the test ended early */
    bool undecided;       /* the reason is that nothing could be found out */

    /* The first assertion that failed. */
    char *failure;
    char *failure_file;
    int64_t failure_line;
    bool failed_in_test; /* not in a fixture */
    char *stopped_side;  /* the side whose QEMU somebody had ended before */

    /* The QEMUs. */
    char *waiting;     /* what the job waited for last */
    char *moved;       /* what a QEMU did last */
    char *environment; /* what was not as the host had assumed */

    /* The process of the job. */
    char *error;     /* why it could not do its job */
    bool done;       /* it did its job to the end */
    bool ended;      /* the worker's last record has come */
    bool stopped;    /* the worker was asked to end */
    int64_t status;  /* the exit status */
    char *signal;    /* the name of the signal that ended it */
    char *survivors; /* the names of processes that SIGKILL did not end */
    char *exceeded_limit;
    int64_t leftovers;    /* processes that it left behind */
    int64_t timeout_ms;   /* it did not end within that time; 0: it did */
    int64_t stalled_ms;   /* set by the host, which ended it: nothing moved for that time */
    bool record_too_long; /* and was dropped, so something is not known */
};

/* A record of a kind that says nothing about the job itself is ignored. */
void mt_job_facts_add(struct mt_job_facts *facts, const struct mt_record *record);
void mt_job_facts_clear(struct mt_job_facts *facts);

#endif
