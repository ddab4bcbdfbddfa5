/* SPDX-License-Identifier: Apache-2.0 */
/* What the host wants done, as it came in one line of JSON. */
#ifndef MT_WORKER_PLAN_H
#define MT_WORKER_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/pair/pair.h"
#include "worker/limits.h"

struct mt_plan {
    json_t *json; /* owns every string below */
    const char *token;
    const char *job;
    const char *scratch;
    int64_t timeout_ms;
    const char *plugin_file;
    const char *plugin_identity; /* of the file that the host looked at */
    struct mt_limits limits;
    bool private_network; /* if it can be had */
    bool manners;         /* several rounds of the test, to see what it leaves */
    unsigned fail_at;     /* the call that is made to fail; 0: none */
    const char *group;
    const char *test;
    struct mt_pair_config pair;
};

/* Reads the line from the descriptor, which stays open: its end of file means that the host died.
 */
int mt_plan_read(int fd, struct mt_plan *ret_plan, struct mt_error *error);

#endif
