/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, as a sentence that grows on the way up: the function that meets the fault says
 * what it found, each caller that knows more puts what it attempted in front.
 */
#ifndef MT_BASE_ERROR_H
#define MT_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

struct mt_error {
    char *text;
    bool undecided; /* nothing was found: a lack of processor time explains what was seen */
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

/*
 * As mt_fail, where the scheduler's figures show that what was seen says nothing about QEMU: the
 * test starts over with a new pair. Callers pass such an error on like any other.
 */
int mt_undecided(struct mt_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const char *mt_error_text(const struct mt_error *error);

void mt_error_clear(struct mt_error *error);

#endif
