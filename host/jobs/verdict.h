/* SPDX-License-Identifier: Apache-2.0 */
/* How a test ended, concluded from what its worker recorded. */
#ifndef MT_JOBS_VERDICT_H
#define MT_JOBS_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "jobs/job_facts.h"

/* How often a test that cannot be decided is run. */
enum { MT_MOST_UNDECIDED = 4 };

struct mt_verdict {
    const char *outcome;
    const char *reason; /* a word for machines; NULL where the test passed */
    char *message;
    char *file;
    int64_t line;
};

/*
 * `foreign` is the number of lines that came over the channel and were no record of the worker.
 * `log` is what the test printed: cmocka prints the message of a failed assertion there.
 * mt_verdict_clear releases the verdict.
 */
void mt_verdict_make(const struct mt_job_facts *facts, unsigned foreign, const char *log,
                     struct mt_verdict *ret_verdict);
void mt_verdict_clear(struct mt_verdict *verdict);

/* Whether nothing could be found out, because the host gave the test no processor time. */
bool mt_verdict_is_undecided(const struct mt_verdict *verdict);

#endif
