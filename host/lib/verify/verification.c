/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/verification.h"

#include <stdlib.h>

#include "base/text.h"

static void verification_destroy(struct mt_verification *verification)
{
    for (size_t i = 0; i < MT_SIDES; i++) {
        free(verification->baselines[i].why_unknown);
        mt_belongings_clear(&verification->baselines[i].belongings);
    }
    json_decref(verification->not_kept);
    json_decref(verification->not_kept_met);
    free(verification);
}

struct mt_verification *mt_verification_of(struct mt_pair *pair)
{
    if (pair->verification == NULL) {
        pair->verification = mt_alloc(1, sizeof(*pair->verification));
        pair->verification->not_kept = json_array();
        pair->verification->not_kept_met = json_array();
        pair->destroy_verification = verification_destroy;
    }
    return pair->verification;
}
