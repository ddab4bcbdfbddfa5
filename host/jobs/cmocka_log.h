/* SPDX-License-Identifier: Apache-2.0 */
/* What cmocka prints of a test and tells in no other way: assertions that failed, and skips. */
#ifndef MT_JOBS_CMOCKA_LOG_H
#define MT_JOBS_CMOCKA_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* The texts are NULL where nothing was found, and the caller's to free. */
struct mt_cmocka_failure {
    char *message;
    char *file;
    int64_t line;
};

/* The test's failed assertion. */
struct mt_cmocka_failure mt_cmocka_log_failure(const char *log);

/* That of the fixture which failed first. */
struct mt_cmocka_failure mt_cmocka_log_fixture_failure(const char *log);

/* Whether the test has called cmocka's own skip(). */
bool mt_cmocka_log_has_skip(const char *log);

#endif
