/* SPDX-License-Identifier: Apache-2.0 */
/* The names of the fields in a dump. QEMU tells them only at the end of a migration stream. */
#ifndef MT_STATE_DESCRIBE_H
#define MT_STATE_DESCRIBE_H

#include <jansson.h>

#include "lib/state/sections.h"
#include "lib/vm/vm.h"

/*
 * Gets the descriptions of the sections in a dump. `vm` loads the dump and migrates into a pair of
 * sockets, so neither side of the tested pair is touched. `vm` must be the same machine, started to
 * wait for a migration and to be held, and can be used only once. `own` is the dump of `vm` before
 * it loads anything: sections that are not in `own` are left out and get no description. An example
 * is a device that was plugged into the pair while it ran. The caller owns the result; see
 * mt_state_description_of.
 */
int mt_state_describe(struct mt_vm *vm, const struct mt_sections *sections,
                      const struct mt_sections *own, json_t **ret_devices, struct mt_error *error);

/* The description of one section, which `devices` owns; NULL: there is none. */
const json_t *mt_state_description_of(const json_t *devices, const struct mt_section *section);

#endif
