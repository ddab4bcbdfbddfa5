/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include <string.h>

#include "base/text.h"

enum { LONGEST = 64 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned smaller = a < b ? a : b;

    return smaller < c ? smaller : c;
}

/* The number of characters that must be added, removed or changed. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[LONGEST + 1];
    size_t length = strlen(b);

    for (unsigned j = 0; j <= length; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            unsigned above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[length];
}

const char *mt_suggest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    unsigned best_distance = (unsigned)strlen(word) / 3 + 1;

    if (strlen(word) > LONGEST) {
        return NULL;
    }
    for (; *candidates != NULL; candidates++) {
        if (strlen(*candidates) > LONGEST) {
            continue;
        }
        unsigned its_distance = distance(word, *candidates);
        if (its_distance <= best_distance && (best == NULL || its_distance < best_distance)) {
            best = *candidates;
            best_distance = its_distance;
        }
    }
    return best;
}

char *mt_suggestion(const char *word, const char *const *candidates)
{
    const char *near = mt_suggest(word, candidates);

    return near != NULL ? mt_text("; did you mean \"%s\"?", near) : mt_text_copy("");
}
