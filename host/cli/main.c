/* SPDX-License-Identifier: Apache-2.0 */
/* migtest: finds the sub-command and goes there. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"

static const char usage[] =
    "migtest finds out whether live migration works on the QEMU of this host.\n"
    "\n"
    "  migtest run [MANIFEST]       run the tests; without a manifest, a built-in one\n"
    "  migtest list [MANIFEST]      every test, whether it would run here, and if not, why\n"
    "  migtest doctor [MANIFEST]    what this host and its QEMUs can do\n"
    "  migtest check MANIFEST       validate a manifest and its plugins\n"
    "  migtest plugin show FILE.so  what a plugin is and tests\n"
    "  migtest plugin new NAME      write a project that builds a plugin\n"
    "  migtest plugin test FILE.so  whether its tests clean up, wherever they fail\n"
    "  migtest report JOURNAL...    make reports from journals\n"
    "  migtest box ARGS...          the same as migtest ARGS, in a virtual machine with KVM\n"
    "  migtest qemu fetch SUITE...  put a Debian suite's QEMU on the shelf, to test with\n"
    "  migtest qemu add NAME FILE   put one of your own there\n"
    "  migtest qemu list            what is on the shelf, and whether it starts\n"
    "  migtest qemu remove NAME...  take it away\n"
    "\n"
    "migtest COMMAND --help says more of each. A first run: migtest run\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"run", mt_command_run},     {"list", mt_command_list},     {"doctor", mt_command_doctor},
    {"check", mt_command_check}, {"plugin", mt_command_plugin}, {"report", mt_command_report},
    {"box", mt_command_box},     {"qemu", mt_command_qemu},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int complain(const char *word)
{
    const char *names[COMMANDS + 1] = {0};

    for (int i = 0; i < COMMANDS; i++) {
        names[i] = commands[i].name;
    }
    MT_AUTO_FREE char *suggestion = mt_suggestion(word, names);
    mt_diagnose(
        "unknown command \"%s\"; expected run, list, doctor, check, plugin, report, box or qemu%s",
        word, suggestion);
    return MT_EXIT_USAGE;
}

/* What was told to a file and did not get there; a reader that had enough of it is no fault. */
static int close_output(int status)
{
    struct stat output;
    const char *why = fflush(stdout) != 0 ? strerror(errno) : "some of it was lost before";
    bool lost = ferror(stdout) != 0;

    if (!lost || (fstat(STDOUT_FILENO, &output) == 0 &&
                  (S_ISFIFO(output.st_mode) || S_ISSOCK(output.st_mode)))) {
        return status;
    }
    mt_diagnose("the output could not be written: %s", why);
    return status == MT_EXIT_PASSED ? MT_EXIT_BROKEN : status;
}

static int execute(int argc, char **argv)
{
    if (argc < 2) {
        fputs(usage, stderr);
        return MT_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        fputs(usage, stdout);
        return MT_EXIT_PASSED;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("migtest %s\n", MT_VERSION);
        return MT_EXIT_PASSED;
    }
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return complain(argv[1]);
}

int main(int argc, char **argv)
{
    return close_output(execute(argc, argv));
}
