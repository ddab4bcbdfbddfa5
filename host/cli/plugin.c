/* SPDX-License-Identifier: Apache-2.0 */
/* migtest plugin: finds the command and goes there. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/plugin_commands.h"

static const char usage[] =
    "  migtest plugin show FILE.so  what a plugin is, what it can be told, "
    "what it tests and needs\n"
    "  migtest plugin new NAME      write a project that builds a plugin\n"
    "  migtest plugin test FILE.so  whether its tests clean up, wherever they fail\n"
    "\n"
    "migtest plugin COMMAND --help says more of each.\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"show", mt_command_plugin_show},
    {"new", mt_command_plugin_new},
    {"test", mt_command_plugin_test},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int complain(const char *word)
{
    const char *names[COMMANDS + 1] = {0};

    for (int i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
    }
    MT_AUTO_FREE char *suggestion = mt_suggestion(word, names);
    mt_diagnose("plugin: unknown command \"%s\"; expected show, new or test%s", word, suggestion);
    return MT_EXIT_USAGE;
}

int mt_command_plugin(int argc, char **argv)
{
    if (argc < 2) {
        fputs(usage, stderr);
        return MT_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        fputs(usage, stdout);
        return MT_EXIT_PASSED;
    }
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return complain(argv[1]);
}
