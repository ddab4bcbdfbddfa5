/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int mt_fail_va(struct mt_error *error, const char *format, va_list arguments)
{
    if (error != NULL && error->text == NULL) {
        error->text = mt_text_va(format, arguments);
    }
    return -1;
}

int mt_fail(struct mt_error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    mt_fail_va(error, format, arguments);
    va_end(arguments);
    return -1;
}

int mt_undecided(struct mt_error *error, const char *format, ...)
{
    va_list arguments;

    if (error != NULL && error->text == NULL) {
        error->undecided = true;
    }
    va_start(arguments, format);
    mt_fail_va(error, format, arguments);
    va_end(arguments);
    return -1;
}

int mt_fail_errno(struct mt_error *error, const char *format, ...)
{
    int saved = errno;
    va_list arguments;

    va_start(arguments, format);
    char *what = mt_text_va(format, arguments);
    va_end(arguments);
    mt_fail(error, "%s: %s", what, strerror(saved));
    free(what);
    errno = saved;
    return -1;
}

int mt_wrap(struct mt_error *error, const char *format, ...)
{
    va_list arguments;

    if (error == NULL) {
        return -1;
    }
    va_start(arguments, format);
    char *what = mt_text_va(format, arguments);
    va_end(arguments);
    char *cause = error->text;
    error->text = cause != NULL ? mt_text("%s: %s", what, cause) : mt_text("%s", what);
    free(cause);
    free(what);
    return -1;
}

const char *mt_error_text(const struct mt_error *error)
{
    return error->text != NULL ? error->text : "no reason was given";
}

void mt_error_clear(struct mt_error *error)
{
    free(error->text);
    error->text = NULL;
    error->undecided = false;
}
