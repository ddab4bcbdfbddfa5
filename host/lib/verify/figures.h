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
    int64_t starved_us; /* the longest that a thread of the source's had no processor meanwhile */
    bool multifd;
    const json_t
        *members; /* "ram.total", ...: those that this QEMU's query-migrate has; NULL: all */
};

/*
 * Looks at a source's reply to query-migrate after a migration that completed. `ret_unknown` gets
 * the figures that this QEMU does not have, and that were not looked at for this reason, as text
 * that the caller frees; NULL: it has all.
 */
int mt_figures_check(const json_t *reply, const struct mt_seen_migration *seen, char **ret_unknown,
                     struct mt_error *error);

#endif
