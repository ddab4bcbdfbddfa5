/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/cmocka_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static const char *behind(const char *line, const char *mark)
{
    return strncmp(line, mark, strlen(mark)) == 0 ? line + strlen(mark) : NULL;
}

static void take_message(const char *words, struct mt_cmocka_failure *failure)
{
    free(failure->message);
    failure->message = mt_text_copy(words);
}

static void take_place(const char *place, struct mt_cmocka_failure *failure)
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
 * MARK "0x1 != 0x2", then "[   LINE   ] --- file.c:42: error: Failure!"; of fail_msg() "ERROR: too
 * bad", and some lines on both marks in one.
 */
static struct mt_cmocka_failure find(const char *log, const char *mark, bool first)
{
    MT_AUTO_FREE char *copy = mt_text_copy(log);
    struct mt_cmocka_failure failure = {0};
    const char *said = NULL;
    char *rest = NULL;

    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        const char *words = behind(line, mark);
        const char *place = behind(words != NULL ? words : line, "[   LINE   ] --- ");
        const char *saying = behind(line, "ERROR: ");
        if (words != NULL) {
            take_message(place != NULL ? said : words, &failure);
        }
        if (place != NULL && failure.message != NULL) {
            take_place(place, &failure);
            if (first) {
                break;
            }
        }
        said = saying != NULL ? saying : said;
    }
    return failure;
}

struct mt_cmocka_failure mt_cmocka_log_fixture_failure(const char *log)
{
    return find(log, "Could not run test: ", true);
}

/* Where a fixture has failed after it, cmocka prints it as it prints that of a fixture, before. */
struct mt_cmocka_failure mt_cmocka_log_failure(const char *log)
{
    struct mt_cmocka_failure failure = find(log, "[  ERROR   ] --- ", false);

    return failure.message != NULL ? failure : mt_cmocka_log_fixture_failure(log);
}

bool mt_cmocka_log_has_skip(const char *log)
{
    return strstr(log, "\n[  SKIPPED ] ") != NULL;
}
