/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, as a sentence that grows on the way up: the function that meets the fault says
 * what it found, each caller that knows more puts what it attempted in front.
 */
#ifndef MT_BASE_ERROR_H
#define MT_BASE_ERROR_H

#include <stdarg.h>

struct mt_error {
    char *text;
};

#define MT_AUTO_ERROR __attribute__((cleanup(mt_error_clear)))

/* Sets the sentence unless one is there already (the first cause is the one that counts); returns
 * -1. */
int mt_fail(struct mt_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

int mt_fail_va(struct mt_error *error, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* The same, with ": " and what errno says behind it. */
int mt_fail_errno(struct mt_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts "what was attempted: " in front of the sentence; returns -1. */
int mt_wrap(struct mt_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

const char *mt_error_text(const struct mt_error *error);

void mt_error_clear(struct mt_error *error);

#endif
