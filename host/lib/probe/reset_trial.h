/* SPDX-License-Identifier: Apache-2.0 */
/* Learns the device state of a machine at reset, by a QEMU of a version before the tests run. */
#ifndef MT_PROBE_RESET_TRIAL_H
#define MT_PROBE_RESET_TRIAL_H

#include <jansson.h>

#include "base/error.h"
#include "lib/vm/command_line.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

/*
 * Starts two such machines, which never run, and compares them; see lib/state/reset.h for the
 * result, which the caller owns. `observer` may be NULL.
 */
MT_API int mt_reset_trial(const struct mt_qemu_config *qemu,
                          const struct mt_machine_config *machine, const char *scratch,
                          const struct mt_observer *observer, json_t **ret_reset,
                          struct mt_error *error);

#endif
