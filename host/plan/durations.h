/* SPDX-License-Identifier: Apache-2.0 */
/* How long tests took when they last ran here, from the user's cache: the longest begin first. */
#ifndef MT_PLAN_DURATIONS_H
#define MT_PLAN_DURATIONS_H

#include <jansson.h>

#include "base/test_id.h"

struct mt_durations {
    json_t *known; /* seconds by the test's full name */
    json_t *found; /* the same, of this run */
};

/* Under that accelerator; NULL is fine, and nothing is known then. */
void mt_durations_load(struct mt_durations *ret_durations, const char *accel);

/* In seconds; 0: it is not known. */
double mt_durations_find(const struct mt_durations *durations, const struct mt_test_id *id);

void mt_durations_add(struct mt_durations *durations, const struct mt_test_id *id, double seconds);

/* Keeps what was added beside what is known by now, and forgets all. */
void mt_durations_save(struct mt_durations *durations, const char *accel);

#endif
