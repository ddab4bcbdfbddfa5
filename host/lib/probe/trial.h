/* SPDX-License-Identifier: Apache-2.0 */
/* Tries whether an accelerator works: the guest program has to make its first passes with it. */
#ifndef MT_PROBE_TRIAL_H
#define MT_PROBE_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/vm/command_line.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

struct mt_trial {
    int64_t ms;           /* from process start to the guest's fourth pass over its memory */
    int64_t cpu_ms;       /* the processor time used meanwhile; two cores at once count twice */
    bool dirty_ring;      /* KVM's dirty ring works, and reports what the guest writes */
    char ring_fault[200]; /* why the dirty ring does not work; "" otherwise */
    bool runs;            /* QEMU ran the guest, whatever came of it; set on failure, too */
};

/* `observer` may be NULL. */
MT_API int mt_try_accelerator(const struct mt_qemu_config *qemu,
                              const struct mt_machine_config *machine, const char *scratch,
                              const struct mt_observer *observer, struct mt_trial *ret_trial,
                              struct mt_error *error);

#endif
