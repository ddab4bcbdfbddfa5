/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The figures that QEMU gives of a migration: management software decides by them, so they must be
 * there, fit each other, and fit what was seen from outside.
 */
#ifndef MT_VERIFY_FIGURES_H
#define MT_VERIFY_FIGURES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* What is known of a migration without asking for its figures. */
struct mt_seen_migration {
    uint64_t ram;       /* bytes that the guest has, which is less than what migrates */
    int64_t passes;     /* by the events */
    int64_t setup_us;   /* from `setup` to `active` */
    int64_t total_us;   /* from `setup` to `completed` */
    int64_t stopped_us; /* from STOP to `completed`; negative: it was stopped before */
    bool multifd;
};

/* Looks at a source's reply to query-migrate after a migration that completed. */
int mt_figures_check(const json_t *reply, const struct mt_seen_migration *seen,
                     struct mt_error *error);

#endif
