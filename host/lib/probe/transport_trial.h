/* SPDX-License-Identifier: Apache-2.0 */
/* Which transports a QEMU takes, where no schema tells: a migration without a machine tries. */
#ifndef MT_PROBE_TRANSPORT_TRIAL_H
#define MT_PROBE_TRANSPORT_TRIAL_H

#include "lib/vm/vm.h"

/* A plain file by fd:NAME. QEMU 11.1 refuses it. */
#define MT_TRANSPORT_FD_FILE "fd-file"

/*
 * Asks a QEMU that has `-machine none`, and nothing better to do. Adds to its abilities
 * `transports`, those that it takes, and `refusals`, what it says to each of the others.
 */
int mt_transport_trial(struct mt_vm *vm, const char *scratch, json_t *abilities,
                       struct mt_error *error);

#endif
