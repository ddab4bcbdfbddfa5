/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a returned error becomes a failed test. This leaves the function by longjmp, so a caller
 * must not own anything then. No other part of the library may fail a test.
 */
#ifndef MT_API_FAIL_H
#define MT_API_FAIL_H

#include "base/error.h"
#include "lib/vm/observer.h"

#include <migtest/abi.h>

/*
 * Sets the observer of failures and skips in this process. A process runs one test, as cmocka's
 * longjmp has one target only.
 */
MT_API void mt_assert_attach(const struct mt_observer *observer);

/*
 * Lets a call of a public function fail before it does anything, to find out how the test behaves
 * then: call `number`, counted from 1 on from now on; 0: none. The place of each call is kept.
 */
MT_API void mt_assert_fail_at(unsigned number);

/* The place of the call with that index, "file.c:42"; NULL: there were fewer calls. */
MT_API const char *mt_assert_site(unsigned index);

/* Each public function calls this first. */
void mt_api_enter(const char *file, int line);

_Noreturn void mt_api_fail(const char *file, int line, struct mt_error *error);

/* Ends the test as not decided; does not return. */
_Noreturn void mt_api_undecided(const char *file, int line, struct mt_error *error);

/* Fails the test when the result is negative, or ends it as undecided where the error is. */
void mt_api_check(const char *file, int line, int result, struct mt_error *error);

/* Within a function that has `file` and `line`: fails the test at that place when the call fails.
 * The call may use `error`. */
#define CHECK(call)                                                                                \
    do {                                                                                           \
        struct mt_error error = {0};                                                               \
        mt_api_enter(file, line);                                                                  \
        mt_api_check(file, line, (call), &error);                                                  \
    } while (0)

#endif
