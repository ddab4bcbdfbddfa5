/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of migration, a row for each: what both sides go through, and what is looked at. A step
 * or an oracle asks the row instead of the test's request, so that another kind is another row.
 */
#ifndef MT_PAIR_MODE_H
#define MT_PAIR_MODE_H

#include <stdbool.h>

#include "lib/pair/pair.h"

/* The oracles; lib/verify/verify.c has a function for each. */
enum mt_oracle {
    MT_ORACLE_RAM = 1 << 0,
    MT_ORACLE_STATE = 1 << 1,
    MT_ORACLE_SECOND_VIEW = 1 << 2,
    MT_ORACLE_CPUID = 1 << 3,
    MT_ORACLE_OWNERSHIP = 1 << 4,
    MT_ORACLE_STATISTICS = 1 << 5,
    MT_ORACLE_LEFTOVERS = 1 << 6,
};

/* The most statuses and events that a side goes through, and a NULL. */
enum { MT_MODE_STEPS = 6 };

struct mt_mode {
    const char *name;
    bool live;   /* the source's guest runs, until QEMU stops it for the switchover */
    bool pauses; /* the source waits at pre-switchover until it is told to continue */
    bool held;   /* the destination stands still with all that it got, until it is told to run;
                    otherwise it runs by itself */
    /* The statuses and events of each side, in order. Each comes once, and no other status does. */
    const char *order[MT_SIDES][MT_MODE_STEPS];
    unsigned at_still; /* the oracles that look while both sides stand still */
    unsigned after;    /* the oracles that look when the destination's guest runs */
};

/*
 * `held` is whether the test and the manifest let the destination wait. A guest that does not run
 * on the source does not run on the destination by itself, either.
 */
const struct mt_mode *mt_mode_find(bool live, bool pauses, bool held);

/* Whether that status or event belongs to what the side goes through. */
bool mt_mode_expects(const struct mt_mode *mode, enum mt_side_index side, const char *name);

#endif
