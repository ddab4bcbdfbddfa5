/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migtest qemu: what changes the shelf is done by the script beside the worker, which this process
 * becomes.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/places.h"
#include "cli/qemu_commands.h"
#include "survey/shelf.h"

static const char usage[] =
    "  migtest qemu fetch SUITE...  put a Debian suite's QEMU on the shelf, to test with\n"
    "  migtest qemu add NAME FILE   put one of your own there\n"
    "  migtest qemu list            what is on the shelf, and whether it starts\n"
    "  migtest qemu remove NAME...  take it away\n"
    "\n"
    "migtest qemu COMMAND --help says more of each. The shelf is in your cache: nothing is\n"
    "installed, and no root is needed. A name of the shelf is good wherever a QEMU is named.\n";

static const char fetch_usage[] =
    "usage: migtest qemu fetch [--missing] SUITE...\n"
    "\n"
    "Puts QEMUs of Debian suites (bullseye, bookworm, bookworm-backports, trixie, sid, ...) on "
    "the\n"
    "shelf, under the suites' names, with their libraries, modules and firmware, from the mirror\n"
    "that apt is configured with. One that is there already is replaced.\n"
    "\n"
    "      --missing         unless it is there already, and starts\n";

static const char add_usage[] =
    "usage: migtest qemu add NAME FILE|FOLDER...\n"
    "\n"
    "Copies a QEMU to the shelf: a program, a build tree (with its modules and pc-bios), an "
    "unpacked\n"
    "package, or .deb files. What of its libraries is not in there is the host's.\n";

static const char remove_usage[] = "usage: migtest qemu remove NAME...\n"
                                   "\n"
                                   "Takes QEMUs away from the shelf.\n";

struct command {
    const char *name;
    const char *usage; /* NULL: it has a file of its own */
    int least;         /* arguments */
    const char *expected;
};

static const struct command commands[] = {
    {"fetch", fetch_usage, 1, "a suite, such as trixie"},
    {"add", add_usage, 2, "a name, and the QEMU that it is to stand for"},
    {"list", NULL, 0, NULL},
    {"remove", remove_usage, 1, "a name that migtest qemu list shows"},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int complain(const char *word)
{
    const char *names[COMMANDS + 1] = {0};

    for (int i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
    }
    MT_AUTO_FREE char *suggestion = mt_suggestion(word, names);
    mt_diagnose("qemu: unknown command \"%s\"; expected fetch, add, list or remove%s", word,
                suggestion);
    return MT_EXIT_USAGE;
}

static int become_script(int argc, char **argv)
{
    MT_AUTO_FREE char *script = mt_place_library("shelf/migtest-shelf");
    struct mt_strings command = {0};

    mt_strings_add(&command, "%s", script);
    for (int i = 0; i < argc; i++) {
        mt_strings_add(&command, "%s", argv[i]);
    }
    execv(script, command.items);
    mt_diagnose("cannot start %s: %m", script);
    mt_strings_clear(&command);
    return MT_EXIT_BROKEN;
}

/* The script would say so, too, but knows no near name. */
static int check_removed(int argc, char **argv)
{
    struct mt_strings shelf;
    int status = -1;

    mt_shelf_names(&shelf);
    for (int i = 1; i < argc && status < 0; i++) {
        if (!mt_strings_contain(&shelf, argv[i])) {
            MT_AUTO_FREE char *suggestion =
                shelf.count > 0 ? mt_suggestion(argv[i], (const char *const *)shelf.items)
                                : mt_text_copy("");
            mt_diagnose("qemu remove: there is no %s on the shelf%s", argv[i], suggestion);
            status = MT_EXIT_USAGE;
        }
    }
    mt_strings_clear(&shelf);
    return status;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int change(const struct command *command, int argc, char **argv)
{
    const bool missing =
        argc > 1 && command->usage == fetch_usage && strcmp(argv[1], "--missing") == 0;
    const int first = missing ? 2 : 1;

    if (argc > 1 && is_help(argv[1])) {
        fputs(command->usage, stdout);
        return MT_EXIT_PASSED;
    }
    if (argc > first && argv[first][0] == '-') {
        mt_diagnose("qemu %s: unknown option: %s; expected one that migtest qemu %s --help lists",
                    command->name, argv[first], command->name);
        return MT_EXIT_USAGE;
    }
    if (argc - first < command->least) {
        mt_diagnose("qemu %s: expected %s", command->name, command->expected);
        return MT_EXIT_USAGE;
    }
    int status = command->usage == remove_usage ? check_removed(argc, argv) : -1;
    return status >= 0 ? status : become_script(argc, argv);
}

int mt_command_qemu(int argc, char **argv)
{
    if (argc < 2) {
        fputs(usage, stderr);
        return MT_EXIT_USAGE;
    }
    if (is_help(argv[1])) {
        fputs(usage, stdout);
        return MT_EXIT_PASSED;
    }
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0) {
            return commands[i].usage != NULL ? change(&commands[i], argc - 1, argv + 1)
                                             : mt_command_qemu_list(argc - 1, argv + 1);
        }
    }
    return complain(argv[1]);
}
