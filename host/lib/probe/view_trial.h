/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tries which commands of the oracles a QEMU cannot answer. The trial comes before the tests,
 * because a QEMU may end over such a command (QEMU 11.1 over x-query-virtio-status), and that must
 * not happen to a QEMU that a test has migrated.
 */
#ifndef MT_PROBE_VIEW_TRIAL_H
#define MT_PROBE_VIEW_TRIAL_H

#include <jansson.h>

#include "base/error.h"
#include "lib/vm/command_line.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

/*
 * Starts the machine, with a virtio device in place of the manifest's arguments. `ret_unusable` has
 * the commands that must not be used, each with the reason: {"x-query-virtio": "..."}. The caller
 * decrefs it.
 */
MT_API int mt_view_trial(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                         const char *scratch, const struct mt_observer *observer,
                         json_t **ret_unusable, struct mt_error *error);

#endif
