/* SPDX-License-Identifier: Apache-2.0 */
/* What a test needs, held against what was found here. */
#ifndef MT_SURVEY_NEEDS_H
#define MT_SURVEY_NEEDS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

enum mt_accelerator_state {
    MT_ACCELERATOR_UNKNOWN, /* still being tried */
    MT_ACCELERATOR_WORKS,
    MT_ACCELERATOR_FAILS,
};

struct mt_found {
    const json_t *source; /* as probed */
    const json_t *destination;
    const struct mt_strings *assume;
    enum mt_accelerator_state kvm;
    bool dirty_ring;
    const char *why_no_kvm; /* completes "KVM does not work here: " */
    const char *why_no_ring;
};

struct mt_lack {
    const char *reason; /* a word for machines, as `require` has it */
    char *message;      /* the caller frees it */
};

/* Whether only KVM will do. */
bool mt_needs_kvm(const json_t *needs);

/* 0: nothing is lacking; 1: `ret_lack` says what. */
int mt_needs_check(const struct mt_found *found, const json_t *needs, struct mt_lack *ret_lack);

#endif
