/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of what people are shown: a word, a time, a name, and text below it. */
#ifndef MT_REPORT_LINES_H
#define MT_REPORT_LINES_H

#include "report/terminal.h"

void mt_print_word(const struct mt_terminal *terminal, const char *word, const char *color);
void mt_print_test(const struct mt_terminal *terminal, const char *outcome, double seconds,
                   const struct mt_test_id *id);
void mt_print_indented(const struct mt_terminal *terminal, const char *text);

#endif
