/* SPDX-License-Identifier: Apache-2.0 */
/* Busy loops beside the tests, to find failures that occur only on a crowded host. */
#ifndef MT_RUNNER_STRESS_H
#define MT_RUNNER_STRESS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

struct mt_stress {
    pid_t *loops;
    size_t count;
};

/* The loops end with this process, however the process ends. */
int mt_stress_start(struct mt_stress *stress, size_t count, struct mt_error *error);
void mt_stress_stop(struct mt_stress *stress);

#endif
