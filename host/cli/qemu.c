/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migtest qemu. A script beside the worker changes the shelf: this process becomes that script.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/dispatch.h"
#include "cli/places.h"
#include "cli/qemu_commands.h"
#include "cli/script.h"
#include "survey/shelf.h"

static const char usage[] =
    "  migtest qemu fetch SUITE...  put a Debian suite's QEMU on the shelf, to test with\n"
    "  migtest qemu add NAME FILE   put your own QEMU on the shelf\n"
    "  migtest qemu list            list the shelf: which QEMUs are there, and whether they start\n"
    "  migtest qemu remove NAME...  remove QEMUs from the shelf\n"
    "\n"
    "migtest qemu COMMAND --help describes a command. The shelf is a folder in your cache: "
    "nothing\n"
    "is installed, and no root is needed. A name on the shelf can be used wherever a QEMU is "
    "named.\n";

static const char fetch_usage[] =
    "usage: migtest qemu fetch [--missing] SUITE...\n"
    "\n"
    "Puts QEMUs of Debian suites (bullseye, bookworm, bookworm-backports, trixie, sid, ...) on "
    "the\n"
    "shelf, under the suites' names, with their libraries, modules and firmware, from the mirror\n"
    "that apt is configured with. A QEMU that is already on the shelf is replaced.\n"
    "\n"
    "      --missing         keep a QEMU that is on the shelf and starts\n";

static const char add_usage[] =
    "usage: migtest qemu add NAME FILE|FOLDER...\n"
    "\n"
    "Copies a QEMU to the shelf: a program, a build tree (with its modules and pc-bios), an "
    "unpacked\n"
    "package, or .deb files. Libraries that are missing there are taken from this host.\n";

static const char remove_usage[] = "usage: migtest qemu remove NAME...\n"
                                   "\n"
                                   "Removes QEMUs from the shelf.\n";

/* A command that the script carries out. */
struct change {
    const char *name;
    const char *usage;
    int least; /* arguments */
    const char *expected;
};

static int run_script(int argc, char **argv)
{
    MT_AUTO_FREE char *script = mt_place_library("shelf/migtest-shelf");
    struct mt_strings command = {0};

    mt_strings_add(&command, "%s", script);
    for (int i = 0; i < argc; i++) {
        mt_strings_add(&command, "%s", argv[i]);
    }
    int status = mt_become_script(&command);
    mt_strings_clear(&command);
    return status;
}

/* The script would refuse these names, too, but it cannot suggest a similar name. */
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

/* Returns -1 to go on, or the exit status. */
static int check_arguments(const struct change *command, int argc, char **argv)
{
    const bool takes_missing = strcmp(command->name, "fetch") == 0;
    const int first = takes_missing && argc > 1 && strcmp(argv[1], "--missing") == 0 ? 2 : 1;

    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
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
    return -1;
}

static int qemu_fetch(int argc, char **argv)
{
    static const struct change command = {"fetch", fetch_usage, 1, "a suite, such as trixie"};
    int status = check_arguments(&command, argc, argv);

    return status >= 0 ? status : run_script(argc, argv);
}

static int qemu_add(int argc, char **argv)
{
    static const struct change command = {"add", add_usage, 2,
                                          "a name, and the QEMU that it is to stand for"};
    int status = check_arguments(&command, argc, argv);

    return status >= 0 ? status : run_script(argc, argv);
}

static int qemu_remove(int argc, char **argv)
{
    static const struct change command = {"remove", remove_usage, 1,
                                          "a name that migtest qemu list shows"};
    int status = check_arguments(&command, argc, argv);

    if (status < 0) {
        status = check_removed(argc, argv);
    }
    return status >= 0 ? status : run_script(argc, argv);
}

static const struct mt_named_command commands[] = {
    {"fetch", qemu_fetch},   {"add", qemu_add}, {"list", mt_command_qemu_list},
    {"remove", qemu_remove}, {NULL, NULL},
};

int mt_command_qemu(int argc, char **argv)
{
    static const struct mt_command_set set = {.word = "qemu", .usage = usage, .commands = commands};

    return mt_dispatch(argc, argv, &set);
}
