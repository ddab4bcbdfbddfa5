/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/cmocka_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static const char *after_prefix(const char *line, const char *prefix)
{
    return strncmp(line, prefix, strlen(prefix)) == 0 ? line + strlen(prefix) : NULL;
}

static void cmocka_set_message(const char *text, struct mt_cmocka_failure *failure)
{
    free(failure->message);
    failure->message = mt_text_copy(text);
}

static void set_place(const char *place, struct mt_cmocka_failure *failure)
{
    char file[512];
    long long number;

    if (sscanf(place, "%511[^:]:%lld", file, &number) == 2) {
        free(failure->file);
        failure->file = mt_text_copy(file);
        failure->line = number;
    }
}

/*
 * cmocka prints the prefix with "0x1 != 0x2", then "[   LINE   ] --- file.c:42: error: Failure!".
 * For fail_msg() it prints "ERROR: too bad", and some lines later the two prefixes in one line.
 */
static struct mt_cmocka_failure find_failure(const char *log, const char *prefix, bool first)
{
    MT_AUTO_FREE char *copy = mt_text_copy(log);
    struct mt_cmocka_failure failure = {0};
    const char *fail_message = NULL;
    char *rest = NULL;

    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        const char *message = after_prefix(line, prefix);
        const char *place = after_prefix(message != NULL ? message : line, "[   LINE   ] --- ");
        const char *text = after_prefix(line, "ERROR: ");
        if (message != NULL) {
            cmocka_set_message(place != NULL ? fail_message : message, &failure);
        }
        if (place != NULL && failure.message != NULL) {
            set_place(place, &failure);
            if (first) {
                break;
            }
        }
        fail_message = text != NULL ? text : fail_message;
    }
    return failure;
}

struct mt_cmocka_failure mt_cmocka_log_fixture_failure(const char *log)
{
    return find_failure(log, "Could not run test: ", true);
}

/* Where a fixture fails after the test, cmocka prints the failure of the test first, and in the way
 * it prints the failure of a fixture. */
struct mt_cmocka_failure mt_cmocka_log_failure(const char *log)
{
    struct mt_cmocka_failure failure = find_failure(log, "[  ERROR   ] --- ", false);

    return failure.message != NULL ? failure : mt_cmocka_log_fixture_failure(log);
}

bool mt_cmocka_log_has_skip(const char *log)
{
    return strstr(log, "\n[  SKIPPED ] ") != NULL;
}
