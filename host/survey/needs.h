/* SPDX-License-Identifier: Apache-2.0 */
/* Compares what a test needs with what the survey found. */
#ifndef MT_SURVEY_NEEDS_H
#define MT_SURVEY_NEEDS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

enum mt_accelerator_state {
    MT_ACCELERATOR_UNKNOWN, /* its trial has not ended, or not begun */
    MT_ACCELERATOR_WORKS,
    MT_ACCELERATOR_FAILS,
};

struct mt_found {
    const json_t *source; /* abilities, as probed */
    const json_t *destination;
    const struct mt_strings *assume;
    enum mt_accelerator_state kvm;
    bool dirty_ring;
    const char *why_no_kvm; /* completes "KVM does not work here: " */
    const char *why_no_ring;
};

struct mt_lack {
    const char *reason; /* a fixed word, as in the manifest's `require` */
    char *message;      /* the caller frees it */
};

/* Whether a test with these needs can run only with KVM. */
bool mt_needs_kvm(const json_t *needs);

/* Returns 0 if nothing is lacking, or 1 with the reason in `ret_lack`. */
int mt_needs_check(const struct mt_found *found, const json_t *needs, struct mt_lack *ret_lack);

#endif
