/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that may fail until a date, for a given reason, without failing the run. */
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
    bool is_over;     /* its last day has passed */
    bool used;        /* it matched a test */
};

struct mt_quarantines {
    struct mt_quarantine *entries;
    size_t count;
};

/*
 * Reads the manifest's list, whose form is already checked (NULL: there is no list). `now` is the
 * time in seconds since 1970. Dates are in UTC.
 */
void mt_quarantines_read(const struct mt_yaml *list, int64_t now,
                         struct mt_quarantines *ret_quarantines);
void mt_quarantines_clear(struct mt_quarantines *quarantines);

/* The first quarantine that matches the test; NULL: none. */
const struct mt_quarantine *mt_quarantine_find(struct mt_quarantines *quarantines,
                                               const struct mt_test_id *id);

/* The reason of a quarantine in force. NULL: a failure of the test counts. */
const char *mt_quarantine_reason(const struct mt_quarantine *quarantine);

#endif
