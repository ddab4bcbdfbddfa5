/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a QEMU that stands still, as it would migrate. */
#ifndef MT_STATE_DUMP_H
#define MT_STATE_DUMP_H

#include "lib/state/sections.h"
#include "lib/vm/vm.h"

#define MT_STATE_COMMAND "xen-save-devices-state"

/*
 * Ask only a VM that is `paused`, `postmigrate`, `prelaunch` or `inmigrate`: of a suspended one
 * QEMU would lose the run state. (QEMU 2.11, for `live`)
 */
int mt_state_dump(struct mt_vm *vm, const char *scratch, struct mt_sections *ret_sections,
                  struct mt_error *error);

#endif
