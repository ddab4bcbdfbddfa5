/* SPDX-License-Identifier: Apache-2.0 */
/* What the fields of a dump are called, which QEMU tells only at the end of a migration. */
#ifndef MT_STATE_DESCRIBE_H
#define MT_STATE_DESCRIBE_H

#include <jansson.h>

#include "lib/state/sections.h"
#include "lib/vm/vm.h"

/*
 * Lets a VM of the same machine, which was started to wait for a migration and to be held, load the
 * dump and migrate into a pair of sockets: neither side of the pair is touched. It may be used only
 * once. The description of each section is to be found by mt_state_description_of; the caller's.
 * Sections that are not in `own`, the dump of this VM before it loads anything, are left out, and
 * are not described: those of a device, say, that was plugged into the pair while it ran.
 */
int mt_state_describe(struct mt_vm *vm, const struct mt_sections *sections,
                      const struct mt_sections *own, json_t **ret_devices, struct mt_error *error);

/* Borrowed; NULL: there is none. */
const json_t *mt_state_description_of(const json_t *devices, const struct mt_section *section);

#endif
