/* SPDX-License-Identifier: Apache-2.0 */
/* All that a plugin may include, in cmocka's order. */
#ifndef MIGTEST_MIGTEST_H
#define MIGTEST_MIGTEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <migtest/abi.h>
#include <migtest/machine.h>
#include <migtest/migration.h>
#include <migtest/pair.h>
#include <migtest/plugin.h>
#include <migtest/vm.h>

#endif
