/* SPDX-License-Identifier: Apache-2.0 */
/* The device state of a QEMU that stands still, in the form in which QEMU would migrate it. */
#ifndef MT_STATE_DUMP_H
#define MT_STATE_DUMP_H

#include "lib/state/sections.h"
#include "lib/vm/vm.h"

#define MT_STATE_COMMAND "xen-save-devices-state"

/*
 * Dumps the state into `scratch` and reads it from there. The VM must be `paused`, `postmigrate`,
 * `prelaunch` or `inmigrate`: QEMU would lose the run state of a suspended VM. Needs QEMU 2.11,
 * which has the argument `live`.
 */
int mt_state_dump(struct mt_vm *vm, const char *scratch, struct mt_sections *ret_sections,
                  struct mt_error *error);

#endif
