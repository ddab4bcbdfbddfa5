/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/api/fail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <migtest/pair.h>

static const struct mt_observer *listener;

void mt_assert_attach(const struct mt_observer *observer)
{
    listener = observer;
}

/* Moves the sentence out of the heap: after the jump, no function could free it. */
static const char *move_text(struct mt_error *error)
{
    static char message[8192];

    snprintf(message, sizeof(message), "%s", mt_error_text(error));
    mt_error_clear(error);
    return message;
}

_Noreturn void mt_api_undecided(const char *file, int line, struct mt_error *error)
{
    const char *message = move_text(error);

    if (listener != NULL && listener->undecided != NULL) {
        listener->undecided(listener->data, message);
    }
    fprintf(stderr, "%s:%d: not decided: %s\n", file, line, message);
    _skip(file, line);
    __builtin_unreachable();
}

_Noreturn void mt_api_fail(const char *file, int line, struct mt_error *error)
{
    const char *message = move_text(error);

    if (listener != NULL && listener->failed != NULL) {
        listener->failed(listener->data, &(struct mt_failure){message, file, line});
    }
    fprintf(stderr, "%s:%d: %s\n", file, line, message);
    _fail(file, line);
    __builtin_unreachable();
}

/* The places of calls: as many as are worth failing one by one. */
enum { SITES = 4096, SITE_LENGTH = 256 };

static struct {
    unsigned fail_at;
    unsigned count;
    char sites[SITES][SITE_LENGTH];
} calls;

void mt_assert_fail_at(unsigned number)
{
    calls.fail_at = number;
    calls.count = 0;
}

const char *mt_assert_site(unsigned index)
{
    return index < calls.count && index < SITES ? calls.sites[index] : NULL;
}

void mt_api_enter(const char *file, int line)
{
    struct mt_error error = {0};

    if (calls.count < SITES) {
        snprintf(calls.sites[calls.count], SITE_LENGTH, "%s:%d", file, line);
    }
    if (++calls.count == calls.fail_at) {
        mt_fail(&error, "this call was made to fail");
        mt_api_fail(file, line, &error);
    }
}

void mt_api_check(const char *file, int line, int result, struct mt_error *error)
{
    if (result < 0 && error->undecided) {
        mt_api_undecided(file, line, error);
    }
    if (result < 0) {
        mt_api_fail(file, line, error);
    }
}

void mt_skip_at(const char *file, int line, struct mt_pair *pair, const char *why, ...)
{
    static char sentence[1024];
    va_list arguments;

    (void)pair;
    va_start(arguments, why);
    vsnprintf(sentence, sizeof(sentence), why, arguments);
    va_end(arguments);
    if (listener != NULL && listener->skipped != NULL) {
        listener->skipped(listener->data, sentence);
    }
    _skip(file, line);
    __builtin_unreachable();
}

void mt_fail_test_at(const char *file, int line, struct mt_pair *pair, const char *what, ...)
{
    struct mt_error error = {0};
    va_list arguments;

    (void)pair;
    va_start(arguments, what);
    mt_fail_va(&error, what, arguments);
    va_end(arguments);
    mt_api_fail(file, line, &error);
}
