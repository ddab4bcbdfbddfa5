/* SPDX-License-Identifier: Apache-2.0 */
/* Which pages of the test range the guest dirties in a pass, and how fast. */
#ifndef MT_GUEST_COMMON_DIRTYING_H
#define MT_GUEST_COMMON_DIRTYING_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/common/pace.h"

struct dirtying {
    unsigned working_set; /* number of pages, from the first page of the range */
    unsigned stride;      /* only each stride-th page of these is dirtied, from the first on */
    struct pace pace;
    bool rests;       /* the guest rests after each pass */
    uint32_t left_at; /* the generation of all other pages */
};

/* Dirties all pages, with a rest after each pass. */
void dirtying_all(struct dirtying *dirtying);

/*
 * Reads from the serial line what the host wants. All pages are taken to this generation, and pages
 * that are not dirtied from now on keep it. Returns false, and changes nothing, if the guest cannot
 * do that.
 */
bool dirtying_obey(struct dirtying *dirtying, uint32_t generation);

/* Takes the other pages to this generation, too, and dirties all pages from now on. */
void dirtying_end(struct dirtying *dirtying, uint32_t generation);

/* A pass: takes the pages that are dirtied from the generation before to this generation. */
void dirtying_pass(struct dirtying *dirtying, uint32_t generation, bool beat);

/* Compares every word of all pages. Pages that are dirtied must have this generation. */
void dirtying_check(const struct dirtying *dirtying, uint32_t generation);

#endif
