/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/dispatch.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "base/text.h"
#include "cli/alternatives.h"
#include "cli/diagnostics.h"

static int refuse_unknown(const struct mt_command_set *set, const char *word)
{
    struct mt_strings names = {0};

    for (const struct mt_named_command *command = set->commands; command->name != NULL; command++) {
        mt_strings_add(&names, "%s", command->name);
    }
    const char *const *words = (const char *const *)names.items;
    MT_AUTO_FREE char *list = mt_alternatives(words);
    MT_AUTO_FREE char *suggestion = mt_suggestion(word, words);
    mt_diagnose("%s%sunknown command \"%s\"; expected %s%s", set->word != NULL ? set->word : "",
                set->word != NULL ? ": " : "", word, list, suggestion);
    mt_strings_clear(&names);
    return MT_EXIT_USAGE;
}

int mt_dispatch(int argc, char **argv, const struct mt_command_set *set)
{
    if (argc < 2) {
        fputs(set->usage, stderr);
        return MT_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        fputs(set->usage, stdout);
        return MT_EXIT_PASSED;
    }
    for (const struct mt_named_command *command = set->commands; command->name != NULL; command++) {
        if (strcmp(command->name, argv[1]) == 0) {
            return command->run(argc - 1, argv + 1);
        }
    }
    return refuse_unknown(set, argv[1]);
}
