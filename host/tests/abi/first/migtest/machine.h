/* SPDX-License-Identifier: Apache-2.0 */
/* What a test wants started, in data. An absent member is what the manifest says. */
#ifndef MIGTEST_MACHINE_H
#define MIGTEST_MACHINE_H

#include <stddef.h>
#include <stdint.h>

struct mt_machine {
    size_t size;
    const char *const *args;        /* more arguments for both QEMUs */
    const char *const *source_args; /* and for one of them */
    const char *const *destination_args;
    unsigned dirty_ring; /* entries of KVM's dirty ring, a power of two; 0: none */
    uint8_t reserved[4]; /* 0 */
};

#define MT_MACHINE(...) (&(const struct mt_machine){.size = sizeof(struct mt_machine), __VA_ARGS__})

#endif
