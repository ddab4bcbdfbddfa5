/* SPDX-License-Identifier: Apache-2.0 */
/* Composes what is started from what a test and the manifest request. */
#ifndef MT_VM_COMMAND_LINE_H
#define MT_VM_COMMAND_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/vm/launch.h"
#include "protocol/machine.h"

/* One VM with that machine. */
struct mt_command_line {
    const struct mt_qemu_config *qemu;
    const struct mt_machine_config *machine;
    const char *side;
    bool incoming;
    bool hold; /* -S: an incoming VM stands still when the migration is over */
    unsigned dirty_ring;
    const char *memory_path; /* for the memory backend "file" */
    const char *const *args; /* the test's own */
    const char *const *more_args;
};

struct mt_launch mt_command_line_launch(const struct mt_command_line *line);

/*
 * A QEMU without a machine, whose monitor can be asked for the abilities of QEMU. The arguments of
 * `qemu` are ignored.
 */
struct mt_launch mt_command_line_launch_bare(const struct mt_qemu_config *qemu);

#endif
