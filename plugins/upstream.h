/* SPDX-License-Identifier: Apache-2.0 */
/* A test that has the name of one of QEMU's own tests has a guest of the same size. */
#ifndef MT_PLUGINS_UPSTREAM_H
#define MT_PLUGINS_UPSTREAM_H

#include <migtest/machine.h>

#define UPSTREAM_RAM_MIB 150
#define UPSTREAM_GUEST MT_MACHINE(.ram_mib = UPSTREAM_RAM_MIB)

#endif
