/* SPDX-License-Identifier: Apache-2.0 */
/* What a QEMU binary can do, asked of the binary itself. */
#ifndef MT_VM_PROBE_H
#define MT_VM_PROBE_H

#include <jansson.h>

#include "base/error.h"
#include "lib/vm/command_line.h"

#include <migtest/abi.h>

/*
 * An object with version, package, target, machines [{name, alias}], capabilities, parameters,
 * commands ("migrate", "migrate.uri"), figures (members of query-migrate's reply, "ram.total"),
 * devices, accelerators. The caller's.
 */
MT_API int mt_probe(const struct mt_qemu_config *qemu, const char *scratch, json_t **ret_abilities,
                    struct mt_error *error);

#endif
