/* SPDX-License-Identifier: Apache-2.0 */
/* What a test needs its QEMUs to be started with. An absent member means what the manifest says. */
#ifndef MIGTEST_MACHINE_H
#define MIGTEST_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <migtest/abi.h>

MT_BEGIN_C

struct mt_machine {
    size_t size;
    const char *const *args;        /* more arguments for both QEMUs */
    const char *const *source_args; /* and for one of them */
    const char *const *destination_args;
    unsigned dirty_ring; /* entries of KVM's dirty ring, a power of two; 0: none */
    unsigned ram_mib;    /* RAM in MiB, at least 101, whatever the manifest says: for a test whose
                            name promises a size */
    bool source_only;    /* a test of one VM: no destination is started */
    bool host_network;   /* the test or its args use the host's network, such as a tap; otherwise
                            the test has a network of its own, where the kernel allows that */
    uint8_t reserved[6]; /* 0 */
};

#define MT_MACHINE(...) MT_OBJECT(mt_machine, __VA_ARGS__)

MT_END_C

#endif
