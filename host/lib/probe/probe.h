/* SPDX-License-Identifier: Apache-2.0 */
/* What a QEMU binary can do, asked of the binary itself. */
#ifndef MT_PROBE_PROBE_H
#define MT_PROBE_PROBE_H

#include <jansson.h>

#include "base/error.h"
#include "lib/vm/command_line.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

/*
 * An object with version ("10.0.2"), package, full_version (both), target, machines [{name,
 * alias}], capabilities, parameters, commands ("migrate", "migrate.uri"), figures (members of
 * query-migrate's reply, "ram.total"), devices, accelerators, transports and refusals
 * (transport_trial.h); and where it is known, of what really
 * runs, build_id, program and digest as struct mt_image has them. The caller's.
 *
 * The QEMU is started with its environment, but without its arguments: they may name devices that
 * its empty machine has no place for, or a socket that serves only once.
 */
MT_API int mt_probe(const struct mt_qemu_config *qemu, const char *scratch,
                    const struct mt_observer *observer, json_t **ret_abilities,
                    struct mt_error *error);

#endif
