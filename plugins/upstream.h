/* SPDX-License-Identifier: Apache-2.0 */
/* A test with the name of one of QEMU's own has a guest of that one's size. */
#ifndef MT_PLUGINS_UPSTREAM_H
#define MT_PLUGINS_UPSTREAM_H

#include <migtest/machine.h>

#define UPSTREAM_RAM_MIB 150
#define UPSTREAM_GUEST MT_MACHINE(.ram_mib = UPSTREAM_RAM_MIB)

#endif
