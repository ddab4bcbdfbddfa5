/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns foreign bytes into text that is safe to show and to put into XML: UTF-8 without control
 * characters.
 */
#ifndef MT_BASE_CLEAN_H
#define MT_BASE_CLEAN_H

#include <stddef.h>

/*
 * Bytes that are not UTF-8, and control characters, become \xNN. Code points that are no characters
 * become \uNNNN. Newline and tab stay. The caller frees the text.
 */
char *mt_clean(const char *bytes, size_t size);

/* The same on one line: a newline becomes \x0a. */
char *mt_clean_line(const char *text);

#endif
