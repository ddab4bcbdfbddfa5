/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state of a machine that never ran. A section that is still the same after a migration proves
 * nothing of that migration: a destination that lost all of it would look like that, too.
 */
#ifndef MT_STATE_RESET_H
#define MT_STATE_RESET_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/state/sections.h"
#include "lib/vm/command_line.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

/*
 * Starts two such machines and compares them, as some bytes (clocks, addresses of the host) differ
 * from one start to the next. The result is small, whatever the state's size; the caller's.
 * `observer` may be NULL.
 */
MT_API int mt_reset_learn(const struct mt_qemu_config *qemu,
                          const struct mt_machine_config *machine, const char *scratch,
                          const struct mt_observer *observer, json_t **ret_reset,
                          struct mt_error *error);

/* The comparison alone, of the state of two machines that never ran. The caller's. */
json_t *mt_reset_compare(const struct mt_sections *one, const struct mt_sections *other);

/* Whether the section is as it was learned, in those bytes that do not differ by themselves. */
bool mt_reset_matches(const json_t *reset, const struct mt_section *section);

#endif
