/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/alternatives.h"

#include <stddef.h>

#include "base/text.h"

char *mt_alternatives(const char *const *words)
{
    char *list = mt_text_copy("");

    for (const char *const *word = words; *word != NULL; word++) {
        mt_text_append_item(&list, word[1] != NULL ? ", " : " or ", "%s", *word);
    }
    return list;
}
