/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/view.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* QEMU 7.2 gives an unmapped BAR an address, 10.0 says this; 7.2 ends a mapped one with a dot. */
static const char unmapped[] = " at 0xffffffffffffffff";
static const char unmapped_now[] = " (not mapped)";

static void unify_line(char *line)
{
    size_t start = strspn(line, " ");
    size_t end = strlen(line) - start;

    memmove(line, line + start, end + 1);
    while (end > 0 && (line[end - 1] == '\r' || line[end - 1] == ' ')) {
        line[--end] = '\0';
    }
    char *place = strstr(line, unmapped);
    if (place != NULL) {
        memcpy(place, unmapped_now, sizeof(unmapped_now));
    } else if (end > 1 && strcmp(line + end - 2, "].") == 0) {
        line[end - 1] = '\0';
    }
}

static int by_text(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

static struct mt_strings sorted_lines(const char *text)
{
    MT_AUTO_FREE char *copy = mt_text_copy(text);
    struct mt_strings lines = {0};
    char *rest = NULL;

    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        unify_line(line);
        mt_strings_add(&lines, "%s", line);
    }
    if (lines.count > 0) {
        qsort(lines.items, lines.count, sizeof(*lines.items), by_text);
    }
    return lines;
}

static char *difference(const char *source, const char *destination)
{
    return mt_text("source \"%s\", destination \"%s\"", source, destination);
}

char *mt_view_compare_text(const char *source, const char *destination)
{
    struct mt_strings ours = sorted_lines(source);
    struct mt_strings theirs = sorted_lines(destination);
    size_t most = ours.count > theirs.count ? ours.count : theirs.count;
    char *found = NULL;

    for (size_t i = 0; i < most && found == NULL; i++) {
        const char *our_line = i < ours.count ? ours.items[i] : "";
        const char *their_line = i < theirs.count ? theirs.items[i] : "";
        if (strcmp(our_line, their_line) != 0) {
            found = difference(our_line, their_line);
        }
    }
    mt_strings_clear(&ours);
    mt_strings_clear(&theirs);
    return found;
}

static bool is_listed(const char *name, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strcmp(name, *list) == 0) {
            return true;
        }
    }
    return false;
}

static char *compare_leaves(const json_t *source, const json_t *destination)
{
    if (json_equal(source, destination)) {
        return NULL;
    }
    MT_AUTO_FREE char *ours =
        source != NULL ? json_dumps(source, JSON_ENCODE_ANY) : mt_text("nothing");
    MT_AUTO_FREE char *theirs =
        destination != NULL ? json_dumps(destination, JSON_ENCODE_ANY) : mt_text("nothing");
    return mt_text(": source %s, destination %s", ours, theirs);
}

char *mt_view_compare_json(const json_t *source, const json_t *destination,
                           const char *const *ignored)
{
    const char *name;
    json_t *member;

    if (!json_is_object(source) || !json_is_object(destination)) {
        return compare_leaves(source, destination);
    }
    json_object_foreach ((json_t *)(uintptr_t)source, name, member) {
        if (is_listed(name, ignored)) {
            continue;
        }
        MT_AUTO_FREE char *found =
            mt_view_compare_json(member, json_object_get(destination, name), ignored);
        if (found != NULL) {
            return mt_text("%s%s%s", name, found[0] == ':' ? "" : ".", found);
        }
    }
    return NULL;
}
