/* SPDX-License-Identifier: Apache-2.0 */
/* What verification remembers of a pair from one migration to the next. The pair owns the memory,
 * but only lib/verify looks into it. */
#ifndef MT_VERIFY_VERIFICATION_H
#define MT_VERIFY_VERIFICATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/pair/pair.h"
#include "lib/process/belongings.h"

/* What a side's process had before a migration; see lib/verify/leftovers.h. */
struct mt_baseline {
    bool set;
    struct mt_belongings belongings;
    char *why_unknown; /* why they could not be counted; NULL: they were counted */
};

struct mt_verification {
    struct mt_baseline baselines[MT_SIDES]; /* of the latest migration */
    json_t *not_kept;     /* the plugin's entries, in the form of the manifest's `not_kept` */
    json_t *not_kept_met; /* a bool for each entry, by its index; see lib/verify/not_kept.c */
    int64_t oracles_us;   /* the time that the oracles have taken so far */
};

/* Creates the memory when it is asked for the first time. mt_pair_destroy frees it. */
struct mt_verification *mt_verification_of(struct mt_pair *pair);

#endif
