/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, as a sentence that grows on its way up. The function that meets the fault says
 * what it found. Each caller that knows more puts what it attempted in front.
 */
#ifndef MT_BASE_ERROR_H
#define MT_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

struct mt_error {
    char *text;
    bool undecided; /* a lack of processor time explains what was seen, so nothing is proved */
};

#define MT_AUTO_ERROR __attribute__((cleanup(mt_error_clear)))

/* Sets the sentence, unless there is one already: the first cause counts. Returns -1. */
int mt_fail(struct mt_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

int mt_fail_va(struct mt_error *error, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* The same, followed by ": " and the text of errno. */
int mt_fail_errno(struct mt_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Puts "what was attempted: " in front of the sentence. Returns -1. */
int mt_wrap(struct mt_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * As mt_fail, for a failure that the scheduler's figures explain, so that it says nothing about
 * QEMU. The test starts again with a new pair. Callers pass such an error on like any other.
 */
int mt_undecided(struct mt_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const char *mt_error_text(const struct mt_error *error);

void mt_error_clear(struct mt_error *error);

#endif
