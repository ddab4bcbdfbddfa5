/* SPDX-License-Identifier: Apache-2.0 */
/* How long tests took when they last ran here, from the user's cache. The longest begin first. */
#ifndef MT_PLAN_DURATIONS_H
#define MT_PLAN_DURATIONS_H

#include <jansson.h>

#include "base/test_id.h"

struct mt_durations {
    json_t *known; /* seconds by the test's full name */
    json_t *found; /* the same, of this run */
};

/* Loads the durations with that accelerator. With NULL, no duration is known. */
void mt_durations_load(struct mt_durations *ret_durations, const char *accel);

/* In seconds; 0: unknown. */
double mt_durations_find(const struct mt_durations *durations, const struct mt_test_id *id);

void mt_durations_add(struct mt_durations *durations, const struct mt_test_id *id, double seconds);

/* Saves what was added, beside what the cache has by now, and clears the durations. */
void mt_durations_save(struct mt_durations *durations, const char *accel);

#endif
