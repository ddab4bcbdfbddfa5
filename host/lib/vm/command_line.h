/* SPDX-License-Identifier: Apache-2.0 */
/* From what a test and the manifest request to what is started. */
#ifndef MT_VM_COMMAND_LINE_H
#define MT_VM_COMMAND_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/vm/launch.h"

/* One side's binary, as the manifest has it. */
struct mt_qemu_config {
    const char *binary;
    const char *const *args;
    const char *const *environment;
    /* Of the QEMU that the host has asked what it can do; NULL: any may start. */
    const char *version;  /* as mt_version_text has it */
    const char *build_id; /* as struct mt_image has it */
};

/* The machine that both sides run. */
struct mt_machine_config {
    const char *type;
    const char *accel;
    const char *cpu;
    unsigned smp;
    int64_t ram; /* bytes */
    const char *memory_backend;
    const char *firmware;
    const char *devices;
    const char *const *args;
    const char *guest_folder; /* where guest.rom and guest.disk are */
};

/* One VM of that machine. */
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

struct mt_launch mt_command_line_launch(const struct mt_command_line *line);

/* A QEMU that has no machine, and can be asked what it can do. It ignores the arguments of `qemu`.
 */
struct mt_launch mt_command_line_launch_bare(const struct mt_qemu_config *qemu);

#endif
