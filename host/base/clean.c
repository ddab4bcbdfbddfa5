/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clean.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Returns the number of bytes of the well-formed character at `at`; 0: there is none. */
static size_t decode_utf8(const unsigned char *at, size_t left, uint32_t *ret_code)
{
    static const struct {
        unsigned char mask;
        unsigned char lead;
        uint32_t least; /* a smaller code has a shorter form, which is the only valid one */
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

    for (size_t extra = 0; extra < 4; extra++) {
        if ((at[0] & forms[extra].mask) != forms[extra].lead) {
            continue;
        }
        uint32_t code = at[0] & (unsigned char)~forms[extra].mask;
        for (size_t i = 1; i <= extra; i++) {
            if (i >= left || (at[i] & 0xc0) != 0x80) {
                return 0;
            }
            code = code << 6 | (at[i] & 0x3f);
        }
        bool surrogate = code >= 0xd800 && code <= 0xdfff;
        if (code < forms[extra].least || code > 0x10ffff || surrogate) {
            return 0;
        }
        *ret_code = code;
        return extra + 1;
    }
    return 0;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

static bool may_stay(uint32_t code, bool one_line)
{
    if (code == '\t' || (code == '\n' && !one_line)) {
        return true;
    }
    return !is_control(code) && (code & 0xfffe) != 0xfffe;
}

static char *clean(const char *bytes, size_t size, bool one_line)
{
    const unsigned char *in = (const unsigned char *)bytes;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    for (size_t i = 0; i < size;) {
        uint32_t code = 0;
        size_t count = decode_utf8(in + i, size - i, &code);
        if (count == 0) {
            fprintf(out, "\\x%02x", in[i++]);
            continue;
        }
        if (may_stay(code, one_line)) {
            fwrite(in + i, 1, count, out);
        } else {
            fprintf(out, is_control(code) ? "\\x%02x" : "\\u%04x", code);
        }
        i += count;
    }
    fclose(out);
    return text;
}

char *mt_clean(const char *bytes, size_t size)
{
    return clean(bytes, size, false);
}

char *mt_clean_line(const char *text)
{
    return clean(text, strlen(text), true);
}
