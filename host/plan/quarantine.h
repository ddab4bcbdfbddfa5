/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that may go wrong until a day, for a reason, without failing the run. */
#ifndef MT_PLAN_QUARANTINE_H
#define MT_PLAN_QUARANTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/test_id.h"

struct mt_yaml;

struct mt_quarantine {
    const char *test; /* a glob as -t takes it */
    char *reason;     /* "bug 4711, until 2027-03-01" */
    bool past;        /* its last day is over */
    bool used;        /* a test of this run is under it */
};

struct mt_quarantines {
    struct mt_quarantine *entries;
    size_t count;
};

/* From the manifest's list, which is checked in form (NULL: there is none), as it is `now`, in
 * seconds since 1970. The last day is one by UTC. */
void mt_quarantines_read(const struct mt_yaml *list, int64_t now,
                         struct mt_quarantines *ret_quarantines);
void mt_quarantines_clear(struct mt_quarantines *quarantines);

/* The first that names the test. */
const struct mt_quarantine *mt_quarantine_find(struct mt_quarantines *quarantines,
                                               const struct mt_test_id *id);

/* NULL: there is none, or it is past its date, and what goes wrong counts. */
const char *mt_quarantine_reason(const struct mt_quarantine *quarantine);

#endif
