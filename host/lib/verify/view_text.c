/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/view_text.h"

#include <ctype.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* The values found so far, and the context that the lines before have set. */
struct view_text {
    json_t *values;
    char *context; /* "CPU#0", "ioapic0", "0:31.2"; "" where there is none */
};

static char *text_without(const char *text, const char *removed)
{
    char *copy = mt_text_copy(text);
    char *to = copy;

    for (const char *from = text; *from != '\0'; from++) {
        if (strchr(removed, *from) == NULL) {
            *to++ = *from;
        }
    }
    *to = '\0';
    return copy;
}

static const char *without_zeros(const char *digits)
{
    size_t zeros = strspn(digits, "0");

    return digits[zeros] == '\0' && zeros > 0 ? digits + zeros - 1 : digits + zeros;
}

/* If an earlier line has the same name, the key gets the first name of the current line in front:
 * "CS.DPL". If that key is taken as well, a number follows. */
static void view_put_value(struct view_text *view, const char *line_name, const char *name,
                           const char *value)
{
    const char *dot = view->context[0] != '\0' ? "." : "";
    char *key = mt_text("%s%s%s", view->context, dot, name);

    for (int i = 1; json_object_get(view->values, key) != NULL; i++) {
        free(key);
        key = i == 1 ? mt_text("%s%s%s.%s", view->context, dot, line_name, name)
                     : mt_text("%s%s%s.%s#%d", view->context, dot, line_name, name, i);
    }
    json_object_set_new(view->values, key, json_string(value));
    free(key);
}

static char *group_text(const char *line, const regmatch_t *group)
{
    return mt_text("%.*s", (int)(group->rm_eo - group->rm_so), line + group->rm_so);
}

/* Puts every "NAME=NUMBER" of the line: group 1 of the pattern is the name, group 3 the number.
 * Returns whether the line has any. */
static bool view_put_numbers(struct view_text *view, const regex_t *pattern, const char *line)
{
    enum { GROUPS = 5 };
    MT_AUTO_FREE char *line_name = NULL;
    regmatch_t groups[GROUPS];

    for (; regexec(pattern, line, GROUPS, groups, 0) == 0; line += groups[0].rm_eo) {
        MT_AUTO_FREE char *name = group_text(line, &groups[1]);
        MT_AUTO_FREE char *number = group_text(line, &groups[3]);
        MT_AUTO_FREE char *digits = text_without(number, " ");
        if (line_name == NULL) {
            line_name = mt_text_copy(name);
        }
        view_put_value(view, line_name, name, without_zeros(digits));
    }
    return line_name != NULL;
}

/* Puts a line such as "ISR (none)" or "BAR4: I/O at 0xd000 [0xd01f]", whose name is the first
 * `name_size` bytes without the spaces at their end. */
static void view_put_text(struct view_text *view, const char *line, size_t name_size)
{
    MT_AUTO_FREE char *name = mt_text("%.*s", (int)name_size, line);
    size_t size = name_size;

    while (size > 0 && (name[size - 1] == ' ' || name[size - 1] == '\t')) {
        name[--size] = '\0';
    }
    const char *value = line + name_size;
    value += strspn(value, ": \t");
    if (size > 0) {
        view_put_value(view, name, name, value);
    }
}

static void set_context(struct view_text *view, char *context)
{
    free(view->context);
    view->context = context;
}

/* Names begin in upper case. Values are one or several groups of hexadecimal digits in lower case.
 */
static void parse_registers(struct view_text *view, const regex_t *pattern, const char *line)
{
    if (strncmp(line, "CPU#", strlen("CPU#")) == 0) {
        set_context(view, mt_text_copy(line));
    } else {
        view_put_numbers(view, pattern, line);
    }
}

/* "pic0: irr=10 ..." and "ioapic0: ver=0x20 ...". The lines that follow the second belong to it. */
static void parse_interrupts(struct view_text *view, const regex_t *pattern, const char *line)
{
    const char *colon = strchr(line, ':');

    if (colon != NULL && (strncmp(line, "pic", 3) == 0 || strncmp(line, "ioapic", 6) == 0)) {
        set_context(view, mt_text("%.*s", (int)(colon - line), line));
        line = colon + 1;
    }
    if (!view_put_numbers(view, pattern, line)) {
        view_put_text(view, line, strcspn(line, "(0123456789"));
    }
}

/* The line as QEMU 10.0 has it. For a BAR that is not mapped, 7.2 shows an address, and 10.0 shows
 * "(not mapped)". 7.2 also ends a line with a dot. */
static char *unify_bar(const char *line)
{
    const char *unmapped = strstr(line, " at 0xffffffffffffffff");
    size_t size = unmapped != NULL ? (size_t)(unmapped - line) : strlen(line);

    if (unmapped != NULL) {
        return mt_text("%.*s (not mapped)", (int)size, line);
    }
    while (size > 0 && line[size - 1] == '.') {
        size--;
    }
    return mt_text("%.*s", (int)size, line);
}

static void parse_pci(struct view_text *view, const regex_t *pattern, const char *line)
{
    unsigned bus;
    unsigned device;
    unsigned function;

    (void)pattern;
    if (sscanf(line, "Bus %u, device %u, function %u:", &bus, &device, &function) == 3) {
        set_context(view, mt_text("%u:%u.%u", bus, device, function));
        return;
    }
    MT_AUTO_FREE char *unified = unify_bar(line);
    bool is_bar = strncmp(unified, "BAR", 3) == 0;
    view_put_text(view, unified, strcspn(unified, is_bar ? ":" : "\"0123456789"));
}

static const struct grammar {
    const char *command; /* the beginning of the command */
    const char *pattern; /* group 1 is a name, group 3 is its number */
    void (*parse)(struct view_text *view, const regex_t *pattern, const char *line);
} grammars[] = {
    {"info registers", "([A-Z][A-Za-z0-9]*)( *= *)([0-9a-f]+( [0-9a-f]+)*)", parse_registers},
    {"info pci", "(.)()(.)", parse_pci},
    {"info", "([A-Za-z_][A-Za-z0-9_]*|pin [0-9]+)( *= *0?x?|[[:space:]]+0x)([0-9a-f]+)",
     parse_interrupts},
};

static const struct grammar *grammar_of(const char *command)
{
    const struct grammar *grammar = grammars;

    while (strncmp(command, grammar->command, strlen(grammar->command)) != 0) {
        grammar++;
    }
    return grammar;
}

static char *trim_line(char *line)
{
    char *start = line + strspn(line, " \t");
    size_t size = strlen(start);

    while (size > 0 && isspace((unsigned char)start[size - 1])) {
        start[--size] = '\0';
    }
    return start;
}

json_t *mt_view_text_parse(const char *command, const char *text)
{
    const struct grammar *grammar = grammar_of(command);
    struct view_text view = {.values = json_object(), .context = mt_text_copy("")};
    MT_AUTO_FREE char *copy = mt_text_copy(text);
    char *rest = NULL;
    regex_t pattern;

    if (regcomp(&pattern, grammar->pattern, REG_EXTENDED) != 0) {
        abort();
    }
    for (char *line = strtok_r(copy, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        grammar->parse(&view, &pattern, trim_line(line));
    }
    regfree(&pattern);
    free(view.context);
    return view.values;
}
