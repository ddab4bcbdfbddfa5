/* SPDX-License-Identifier: Apache-2.0 */
/* Which pages of the test range the guest dirties in a pass, and how fast. */
#ifndef MT_GUEST_COMMON_DIRTYING_H
#define MT_GUEST_COMMON_DIRTYING_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/common/pace.h"

struct dirtying {
    unsigned working_set; /* pages from the first of the range on */
    unsigned stride;      /* of these every so many, the first among them */
    struct pace pace;
    bool rests;       /* after each pass */
    uint32_t left_at; /* the generation of all others */
};

/* All of them, with a rest after each pass. */
void dirtying_all(struct dirtying *dirtying);

/*
 * What the host wants, as it says it on the serial line; takes all pages to this generation, at
 * which those not dirtied from now on stay. False when that cannot be had: nothing has changed.
 */
bool dirtying_obey(struct dirtying *dirtying, uint32_t generation);

/* Takes those that stayed behind to this generation, and dirties all from now on. */
void dirtying_end(struct dirtying *dirtying, uint32_t generation);

/* A pass: takes those that it dirties from the generation before to this one. */
void dirtying_pass(struct dirtying *dirtying, uint32_t generation, bool beat);

/* Compares every word of all, those that it dirties as of this generation. */
void dirtying_check(const struct dirtying *dirtying, uint32_t generation);

#endif
