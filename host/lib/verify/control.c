/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/control.h"

#include "base/cleanup.h"

int mt_control_start(struct mt_pair *pair, struct mt_control *control, struct mt_error *error)
{
    const struct mt_pair_config *config = pair->config;

    if (control->source != NULL) {
        return 0;
    }
    if (mt_pair_start_another(pair, "third", &config->source, &control->source, error) < 0 ||
        mt_pair_start_another(pair, "fourth", &config->destination, &control->destination, error) <
            0 ||
        mt_vm_greet(control->source, error) < 0 || mt_vm_greet(control->destination, error) < 0) {
        mt_control_end(control);
        return -1;
    }
    return 0;
}

void mt_control_end(struct mt_control *control)
{
    mt_vm_destroy(mt_take_pointer(control->source));
    mt_vm_destroy(mt_take_pointer(control->destination));
}
