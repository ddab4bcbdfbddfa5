/* SPDX-License-Identifier: Apache-2.0 */
/* Messages on stderr, in one form; and the exit statuses. */
#ifndef MT_CLI_DIAGNOSTICS_H
#define MT_CLI_DIAGNOSTICS_H

enum {
    MT_EXIT_PASSED = 0,
    MT_EXIT_FAILED = 1, /* something ran, and not all is well */
    MT_EXIT_USAGE = 2,  /* nothing was started */
    MT_EXIT_BROKEN = 3, /* migtest itself failed */
};

/* Prints "migtest: ..." and a newline, without control characters. */
void mt_diagnose(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
