/* SPDX-License-Identifier: Apache-2.0 */
/* What only the output of cmocka shows of a test: failed assertions, and skips. */
#ifndef MT_JOBS_CMOCKA_LOG_H
#define MT_JOBS_CMOCKA_LOG_H

#include <stdbool.h>
#include <stdint.h>

/* The texts are NULL where the log has none. The caller frees them. */
struct mt_cmocka_failure {
    char *message;
    char *file;
    int64_t line;
};

/* The failed assertion of the test. */
struct mt_cmocka_failure mt_cmocka_log_failure(const char *log);

/* The failed assertion of the fixture that failed first. */
struct mt_cmocka_failure mt_cmocka_log_fixture_failure(const char *log);

/* Whether the test has called skip() of cmocka. */
bool mt_cmocka_log_has_skip(const char *log);

#endif
