/* SPDX-License-Identifier: Apache-2.0 */
/* Asks a QEMU binary what it can do. */
#ifndef MT_PROBE_PROBE_H
#define MT_PROBE_PROBE_H

#include <jansson.h>

#include "base/error.h"
#include "lib/vm/command_line.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

/*
 * `ret_abilities` is an object with version ("10.0.2"), package, full_version (both), target,
 * machines [{name, alias}], capabilities, parameters, commands ("migrate", "migrate.uri"), figures
 * (members of the reply to query-migrate, "ram.total"), devices, accelerators, transports and
 * refusals (see transport_trial.h). Where the program that really runs is known, the object has
 * build_id, program and digest, too, as struct mt_image has them. The caller decrefs the object.
 * `observer` may be NULL.
 *
 * The QEMU is started with its environment, but without its arguments. They may name devices that
 * have no place in an empty machine, or a socket that can be used only once.
 */
MT_API int mt_probe(const struct mt_qemu_config *qemu, const char *scratch,
                    const struct mt_observer *observer, json_t **ret_abilities,
                    struct mt_error *error);

#endif
