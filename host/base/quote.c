/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quote.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

char *mt_quote(const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,";
    char *out = NULL;
    size_t size = 0;

    if (text[0] != '\0' && strspn(text, plain) == strlen(text)) {
        return mt_text_copy(text);
    }
    FILE *stream = open_memstream(&out, &size);
    fputc('\'', stream);
    for (; *text != '\0'; text++) {
        fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, stream);
    }
    fputc('\'', stream);
    fclose(stream);
    return out;
}
