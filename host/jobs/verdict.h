/* SPDX-License-Identifier: Apache-2.0 */
/* From what a worker recorded to how the test ended. */
#ifndef MT_JOBS_VERDICT_H
#define MT_JOBS_VERDICT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* How often a test may be tried that cannot be decided. */
enum { MT_MOST_UNDECIDED = 4 };

/* What a worker said of its job; every text is owned. */
struct mt_testimony {
    bool test_entered;
    bool test_passed;
    bool undecided;       /* it was skipped as nothing could be found out */
    char *open_fixture;   /* entered, not returned */
    char *failed_fixture; /* the first that failed, or was left for another */
    char *failure;        /* the first */
    char *failure_file;
    int64_t failure_line;
    bool failed_in_test;
    char *stopped_side; /* NULL, or where somebody had ended its QEMU before it failed */
    char *skip_message;
    char *error;
    char *environment; /* what was not as the host has reckoned with; NULL: nothing */
    char *waiting;     /* what for, most lately */
    char *moved;       /* what QEMU did most lately */
    bool done;
    bool ended; /* the keeper's last word has come */
    char *signal;
    char *survivors; /* NULL, or the names of processes that SIGKILL did not end */
    char *lack;      /* of what limits: allows, it was seen to need more */
    int64_t status;
    int64_t stray;
    int64_t timeout_ms; /* it did not end within that; 0: it did */
    int64_t stalled_ms; /* nothing moved for so long, and it was ended for that; 0: it was not */
    bool stopped;
    bool record_too_long; /* it was dropped, so something is not known */
};

struct mt_verdict {
    const char *outcome;
    const char *reason; /* a word for machines; NULL where it passed */
    char *message;      /* the caller frees these */
    char *file;
    int64_t line;
};

void mt_testimony_add(struct mt_testimony *testimony, const char *kind, const json_t *record);
void mt_testimony_clear(struct mt_testimony *testimony);

/*
 * `foreign` is how many lines came that the worker did not write; `log` what the test printed, in
 * which a failed assertion of cmocka's leaves its message.
 */
void mt_verdict_of(const struct mt_testimony *testimony, unsigned foreign, const char *log,
                   struct mt_verdict *ret_verdict);

/* What ends a test of which nothing could be found out, as the host gave it no processor. */
bool mt_verdict_is_undecided(const struct mt_verdict *verdict);

/* Why a job other than a test did not succeed; NULL: it did. The caller frees it. */
char *mt_verdict_job_fault(const struct mt_testimony *testimony, unsigned foreign);

#endif
