/* SPDX-License-Identifier: Apache-2.0 */
/* From what a test and the manifest want to QEMU's argument list. */
#ifndef MT_VM_COMMAND_LINE_H
#define MT_VM_COMMAND_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "protocol/machine.h"

struct mt_command_line {
    const struct mt_qemu_config *qemu;
    const struct mt_machine_config *machine;
    const char *side;
    bool incoming;
    bool hold; /* -S: an incoming VM stands still when the migration is over */
    unsigned dirty_ring;
    const char *memory_path; /* of memory_backend file */
    const char *const *args; /* the test's own */
    const char *const *more_args;
};

/* The descriptors that QEMU inherits under fixed numbers. */
enum {
    MT_QMP_CHILD_FD = 3,
    MT_SERIAL_CHILD_FD = 4,
};

/* The result is the caller's to clear. */
void mt_command_line_make(const struct mt_command_line *want, struct mt_strings *ret_command);

/*
 * Starts a QEMU that has no machine and can be asked what it can do, by a monitor on
 * MT_QMP_CHILD_FD. The result is the caller's to clear.
 */
void mt_command_line_bare(const char *binary, struct mt_strings *ret_command);

#endif
