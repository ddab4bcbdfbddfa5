/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/monitor/json_format.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

struct scan {
    const char *at;
    FILE *out;
    char quote; /* the quote that began the string that `at` is in; 0: it is in none */
    struct mt_error *error;
};

static int put_string(struct scan *scan, const char *text)
{
    json_t *value = text != NULL ? json_string(text) : json_null();

    if (value == NULL) {
        return mt_fail(scan->error, "a string for JSON is not UTF-8");
    }
    MT_AUTO_FREE char *dumped = json_dumps(value, JSON_ENCODE_ANY);
    json_decref(value);
    fputs(dumped, scan->out);
    return 0;
}

static int64_t signed_argument(int longs, char size, va_list *arguments)
{
    if (size == 'z') {
        return (int64_t)va_arg(*arguments, ssize_t);
    }
    switch (longs) {
    case 0:
        return va_arg(*arguments, int);
    case 1:
        return va_arg(*arguments, long);
    default:
        return va_arg(*arguments, long long);
    }
}

static uint64_t unsigned_argument(int longs, char size, va_list *arguments)
{
    if (size == 'z') {
        return va_arg(*arguments, size_t);
    }
    switch (longs) {
    case 0:
        return va_arg(*arguments, unsigned);
    case 1:
        return va_arg(*arguments, unsigned long);
    default:
        return va_arg(*arguments, unsigned long long);
    }
}

static int put_conversion(struct scan *scan, va_list *arguments)
{
    int longs = 0;
    char size = 0;

    scan->at++;
    for (; *scan->at == 'l'; scan->at++) {
        longs++;
    }
    if (*scan->at == 'z') {
        size = *scan->at++;
    }
    switch (*scan->at++) {
    case 's':
        return put_string(scan, va_arg(*arguments, const char *));
    case 'd':
        fprintf(scan->out, "%" PRId64, signed_argument(longs, size, arguments));
        return 0;
    case 'u':
        fprintf(scan->out, "%" PRIu64, unsigned_argument(longs, size, arguments));
        return 0;
    case 'i':
        fputs(va_arg(*arguments, int) != 0 ? "true" : "false", scan->out);
        return 0;
    case 'f':
        fprintf(scan->out, "%.17g", va_arg(*arguments, double));
        return 0;
    default:
        return mt_fail(scan->error, "a JSON format has a conversion that is not known");
    }
}

/* In a string in single quotes, a double quote is an ordinary character. JSON needs it escaped. */
static void put_character(struct scan *scan)
{
    char character = *scan->at++;

    if (scan->quote == 0 && (character == '\'' || character == '"')) {
        scan->quote = character;
        fputc('"', scan->out);
    } else if (scan->quote != 0 && character == scan->quote) {
        scan->quote = 0;
        fputc('"', scan->out);
    } else if (scan->quote == '\'' && character == '"') {
        fputs("\\\"", scan->out);
    } else {
        fputc(character, scan->out);
        if (character == '\\' && scan->quote != 0 && *scan->at != '\0') {
            fputc(*scan->at++, scan->out);
        }
    }
}

static int expand(struct scan *scan, va_list *arguments)
{
    while (*scan->at != '\0') {
        if (*scan->at != '%') {
            put_character(scan);
        } else if (scan->quote != 0) {
            return mt_fail(scan->error, "a JSON format has a conversion inside a string");
        } else if (put_conversion(scan, arguments) < 0) {
            return -1;
        }
    }
    return 0;
}

int mt_json_format_va(json_t **ret_value, struct mt_error *error, const char *format,
                      va_list arguments)
{
    MT_AUTO_FREE char *text = NULL;
    size_t size = 0;
    json_error_t fault;
    va_list copy;

    if (format == NULL) {
        *ret_value = NULL;
        return 0;
    }
    struct scan scan = {.at = format, .out = open_memstream(&text, &size), .error = error};
    va_copy(copy, arguments);
    int result = expand(&scan, &copy);
    va_end(copy);
    fclose(scan.out);
    if (result < 0) {
        return mt_wrap(error, "in the JSON format %s", format);
    }
    json_t *value = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &fault);
    if (value == NULL) {
        return mt_fail(error, "the JSON format %s does not give JSON: %s", format, fault.text);
    }
    *ret_value = value;
    return 0;
}

int mt_json_format(json_t **ret_value, struct mt_error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int result = mt_json_format_va(ret_value, error, format, arguments);
    va_end(arguments);
    return result;
}
