/* SPDX-License-Identifier: Apache-2.0 */
#include "report/disarm.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_mark(const char *at)
{
    static const char *const marks[] = {"[[ATTACHMENT|", "##[", "##vso[", "##teamcity["};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (strncmp(at, marks[i], strlen(marks[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* GitHub ignores white space before ::, also white space of Unicode. */
static bool is_visible_ascii(char byte)
{
    return byte > ' ' && byte < 0x7f;
}

char *mt_disarm(const char *text)
{
    char *disarmed = NULL;
    size_t size = 0;
    bool line_begins = true;
    FILE *out = open_memstream(&disarmed, &size);

    for (const char *at = text; *at != '\0'; at++) {
        if (line_begins && strncmp(at, "::", 2) == 0) {
            fputc('\\', out);
        }
        fputc(*at, out);
        if (is_mark(at)) {
            fputc('\\', out);
        }
        line_begins = *at == '\n' || (line_begins && !is_visible_ascii(*at));
    }
    fclose(out);
    return disarmed;
}
