/* SPDX-License-Identifier: Apache-2.0 */
/* Strings and lists of strings, which the caller owns. Running out of memory ends the program. */
#ifndef MT_BASE_TEXT_H
#define MT_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

char *mt_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *mt_text_va(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
char *mt_text_copy(const char *text); /* NULL gives NULL */

/* Appends to a text that the caller owns; NULL is an empty one. */
void mt_text_append(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends an item to a list, with the separator before every item but the first. */
void mt_text_append_item(char **list, const char *separator, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The ending of a noun that is counted: "" or "s". */
static inline const char *mt_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Zeroed memory, never NULL. */
void *mt_alloc(size_t count, size_t size);
void *mt_realloc(void *old, size_t count, size_t size);

/* A growing list of owned strings; `items` ends with a NULL once anything was added. */
struct mt_strings {
    char **items;
    size_t count;
};

void mt_strings_add(struct mt_strings *strings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool mt_strings_contain(const struct mt_strings *strings, const char *text);
void mt_strings_clear(struct mt_strings *strings);

#endif
