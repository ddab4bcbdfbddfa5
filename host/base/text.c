/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
    if (memory == NULL) {
        fputs("migtest: out of memory\n", stderr);
        abort();
    }
    return memory;
}

char *mt_text_va(const char *format, va_list arguments)
{
    char *text = NULL;

    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    return checked(text);
}

char *mt_text(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = mt_text_va(format, arguments);
    va_end(arguments);
    return text;
}

static void text_append(char **text, const char *separator, const char *format, va_list arguments)
{
    char *added = mt_text_va(format, arguments);
    bool is_first = *text == NULL || (*text)[0] == '\0';
    char *whole = is_first ? added : mt_text("%s%s%s", *text, separator, added);

    if (!is_first) {
        free(added);
    }
    free(*text);
    *text = whole;
}

void mt_text_append(char **text, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text_append(text, "", format, arguments);
    va_end(arguments);
}

void mt_text_append_item(char **list, const char *separator, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text_append(list, separator, format, arguments);
    va_end(arguments);
}

char *mt_text_copy(const char *text)
{
    return text != NULL ? checked(strdup(text)) : NULL;
}

void *mt_alloc(size_t count, size_t size)
{
    return checked(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *mt_realloc(void *old, size_t count, size_t size)
{
    return checked(reallocarray(old, count > 0 ? count : 1, size > 0 ? size : 1));
}

void mt_strings_add(struct mt_strings *strings, const char *format, ...)
{
    va_list arguments;

    strings->items = mt_realloc(strings->items, strings->count + 2, sizeof(*strings->items));
    va_start(arguments, format);
    strings->items[strings->count++] = mt_text_va(format, arguments);
    va_end(arguments);
    strings->items[strings->count] = NULL;
}

bool mt_strings_contain(const struct mt_strings *strings, const char *text)
{
    for (size_t i = 0; i < strings->count; i++) {
        if (strcmp(strings->items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

void mt_strings_clear(struct mt_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++) {
        free(strings->items[i]);
    }
    free(strings->items);
    *strings = (struct mt_strings){0};
}
