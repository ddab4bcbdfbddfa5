/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which questions of the oracles a QEMU does not stand. It is asked beforehand, as one that
 * ends over a question (QEMU 11.1 over x-query-virtio-status) must not be one that a test has
 * migrated.
 */
#ifndef MT_PROBE_VIEW_TRIAL_H
#define MT_PROBE_VIEW_TRIAL_H

#include <jansson.h>

#include "base/error.h"
#include "lib/vm/command_line.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

/*
 * Starts such a machine, with a virtio device in place of the manifest's arguments. The result has
 * the commands that are not to be used, each with the reason: {"x-query-virtio": "..."}; the
 * caller's.
 */
MT_API int mt_view_trial(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                         const char *scratch, const struct mt_observer *observer,
                         json_t **ret_unusable, struct mt_error *error);

#endif
