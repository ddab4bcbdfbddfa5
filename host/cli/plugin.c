/* SPDX-License-Identifier: Apache-2.0 */
/* migtest plugin: runs the command that the next word names. */
#include <stddef.h>

#include "cli/commands.h"
#include "cli/dispatch.h"
#include "cli/plugin_commands.h"

static const char usage[] =
    "  migtest plugin show FILE.so  say what a plugin is, which options it has, what it tests and "
    "needs\n"
    "  migtest plugin new NAME      write a project that builds a plugin\n"
    "  migtest plugin test FILE.so  check that a plugin's tests clean up, wherever they fail\n"
    "\n"
    "migtest plugin COMMAND --help describes a command.\n";

static const struct mt_named_command commands[] = {
    {"show", mt_command_plugin_show},
    {"new", mt_command_plugin_new},
    {"test", mt_command_plugin_test},
    {NULL, NULL},
};

int mt_command_plugin(int argc, char **argv)
{
    static const struct mt_command_set set = {
        .word = "plugin", .usage = usage, .commands = commands};

    return mt_dispatch(argc, argv, &set);
}
