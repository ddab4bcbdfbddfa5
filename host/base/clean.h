/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign bytes as text that is safe to show and to put into XML: UTF-8 without control characters.
 */
#ifndef MT_BASE_CLEAN_H
#define MT_BASE_CLEAN_H

#include <stddef.h>

/*
 * What is not clean is shown as \xNN (bytes, control characters) or \uNNNN (non-characters);
 * newline and tab stay. The caller frees it.
 */
char *mt_clean(const char *bytes, size_t size);

/* The same on one line: newlines are shown, too. */
char *mt_clean_line(const char *text);

#endif
