/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of what people are shown: a word, a time, a name, and text below it. */
#ifndef MT_REPORT_LINES_H
#define MT_REPORT_LINES_H

#include "report/terminal.h"

void mt_print_word(const struct mt_terminal *terminal, const char *word, const char *color);

/* The first line about a test. */
void mt_print_outcome(const struct mt_terminal *terminal, enum mt_outcome outcome, double seconds,
                      const struct mt_test_id *id);

/* The first line about a test that has not ended yet, with a word that says why the line is
 * printed. */
void mt_print_test(const struct mt_terminal *terminal, const char *word, double seconds,
                   const struct mt_test_id *id);

/* Text below the first line. */
void mt_print_indented(const struct mt_terminal *terminal, const char *text);

#endif
