/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a returned error becomes a failed test. It leaves by longjmp, so whoever uses this holds
 * nothing, and nobody else in the library may fail a test.
 */
#ifndef MT_API_FAIL_H
#define MT_API_FAIL_H

#include "base/error.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

/*
 * Who hears of failures and skips in this process, which runs one test, as cmocka's longjmp knows
 * but one.
 */
MT_API void mt_assert_attach(const struct mt_observer *observer);

/*
 * To see how a test takes it: call `number` of those that can fail (from 1) fails before it does
 * anything; 0: none does. Calls are counted from here on, and where each stands is kept.
 */
MT_API void mt_assert_fail_at(unsigned number);

/* "file.c:42" of the call of that index; NULL: there were not so many. */
MT_API const char *mt_assert_site(unsigned index);

/* Each public function passes here, before it does anything. */
void mt_api_enter(const char *file, int line);

_Noreturn void mt_api_fail(const char *file, int line, struct mt_error *error);

/* Ends the test as not decided. */
_Noreturn void mt_api_undecided(const char *file, int line, struct mt_error *error);

/* Fails the test when the result is negative, or ends it where that is undecided. */
void mt_api_check(const char *file, int line, int result, struct mt_error *error);

/* Within a function with `file` and `line`: fails there when the call, which may use `error`,
 * fails. */
#define CHECK(call)                                                                                \
    do {                                                                                           \
        struct mt_error error = {0};                                                               \
        mt_api_enter(file, line);                                                                  \
        mt_api_check(file, line, (call), &error);                                                  \
    } while (0)

#endif
