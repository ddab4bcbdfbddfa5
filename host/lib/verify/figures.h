/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules for the figures that QEMU shows of a migration. Management software makes decisions by
 * these figures. So they must exist, agree with each other, and agree with the events.
 */
#ifndef MT_VERIFY_FIGURES_H
#define MT_VERIFY_FIGURES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* What is known of a migration without its figures, mostly from events. */
struct mt_seen_migration {
    uint64_t ram;       /* the guest's RAM in bytes, which is less than what QEMU migrates */
    int64_t passes;     /* the number of passes, by the events */
    int64_t setup_us;   /* from `setup` to `active` */
    int64_t total_us;   /* from `setup` to `completed` */
    int64_t stopped_us; /* from STOP to `completed`; negative: it had been stopped before */
    int64_t starved_us; /* the longest time that a thread of the source had no processor */
    bool multifd;
    const json_t *members; /* the figures that this QEMU has, such as "ram.total"; NULL: all */
};

/*
 * Checks a source's reply to query-migrate after a migration that completed. `ret_unknown` gets a
 * list of the figures that this QEMU does not have, and which were not checked for this reason; the
 * caller frees it. NULL: this QEMU has all figures.
 */
int mt_figures_check(const json_t *reply, const struct mt_seen_migration *seen, char **ret_unknown,
                     struct mt_error *error);

#endif
