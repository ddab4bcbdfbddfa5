/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that a plugin may include, in cmocka's order.
 *
 * A plugin may be written in C11 or later, or in C++17 or later. In C++, no object with a
 * destructor may be alive where a function of migtest or an assertion of cmocka is called: these
 * end a failed test by longjmp, which runs no destructor.
 */
#ifndef MIGTEST_MIGTEST_H
#define MIGTEST_MIGTEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <migtest/abi.h>

/* cmocka's header does not say that its functions are C's. */
MT_BEGIN_C
#include <cmocka.h>
MT_END_C

#include <migtest/machine.h>
#include <migtest/migration.h>
#include <migtest/pair.h>
#include <migtest/plugin.h>
#include <migtest/vm.h>
#include <migtest/wire.h>

#endif
