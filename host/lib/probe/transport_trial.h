/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tries which transports a QEMU accepts, by a migration without a machine. QEMU's schema does not
 * tell.
 */
#ifndef MT_PROBE_TRANSPORT_TRIAL_H
#define MT_PROBE_TRANSPORT_TRIAL_H

#include "lib/vm/vm.h"

/* fd:NAME with the descriptor of a plain file. QEMU 11.1 refuses it. */
#define MT_TRANSPORT_FD_FILE "fd-file"

/*
 * The VM runs with `-machine none`, and quits after the trial. Adds to the abilities `transports`,
 * the names that QEMU accepts, and `refusals`, QEMU's answer to each of the others.
 */
int mt_transport_trial(struct mt_vm *vm, const char *scratch, json_t *abilities,
                       struct mt_error *error);

#endif
