/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker has to start: a QEMU, and the machine in it. */
#ifndef MT_PROTOCOL_MACHINE_H
#define MT_PROTOCOL_MACHINE_H

#include <stdint.h>

/* One side's QEMU, as the manifest has it. */
struct mt_qemu_config {
    const char *binary;
    const char *const *args;
    const char *const *environment; /* "NAME=value" */
    /* Of the QEMU that the host has asked what it can do. NULL: any QEMU may start. */
    const char *version;  /* as mt_version_text has it */
    const char *build_id; /* as struct mt_image has it */
};

/* The machine that both sides run. */
struct mt_machine_config {
    const char *type;
    const char *accel;
    const char *cpu;
    int64_t smp;
    int64_t ram; /* bytes */
    const char *memory_backend;
    const char *firmware;
    const char *devices;
    const char *const *args;
    const char
        *guest_folder; /* with guest.rom and guest.disk; the worker itself finds the folder */
};

#endif
