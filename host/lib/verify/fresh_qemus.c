/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/fresh_qemus.h"

#include "base/cleanup.h"

int mt_fresh_qemus_start(struct mt_pair *pair, struct mt_fresh_qemus *fresh, struct mt_error *error)
{
    const struct mt_pair_config *config = pair->config;

    if (fresh->source != NULL) {
        return 0;
    }
    if (mt_pair_start_another(pair, "third", &config->source, &fresh->source, error) < 0 ||
        mt_pair_start_another(pair, "fourth", &config->destination, &fresh->destination, error) <
            0 ||
        mt_vm_greet(fresh->source, error) < 0 || mt_vm_greet(fresh->destination, error) < 0) {
        mt_fresh_qemus_end(fresh);
        return -1;
    }
    return 0;
}

void mt_fresh_qemus_end(struct mt_fresh_qemus *fresh)
{
    mt_vm_destroy(mt_take_pointer(fresh->source));
    mt_vm_destroy(mt_take_pointer(fresh->destination));
}
