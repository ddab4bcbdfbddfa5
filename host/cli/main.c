/* SPDX-License-Identifier: Apache-2.0 */
/* migtest: runs the command that the first word names. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/dispatch.h"

static const char usage[] =
    "migtest finds out whether live migration works on the QEMU of this host.\n"
    "\n"
    "  migtest run [MANIFEST]       run the tests; without a manifest, of a built-in one\n"
    "  migtest list [MANIFEST]      list every test: whether it would run here, and if not, why\n"
    "  migtest doctor [MANIFEST]    say what this host and its QEMUs can do\n"
    "  migtest check MANIFEST       validate a manifest and its plugins\n"
    "  migtest plugin show FILE.so  say what a plugin is and tests\n"
    "  migtest plugin new NAME      write a project that builds a plugin\n"
    "  migtest plugin test FILE.so  check that a plugin's tests clean up, wherever they fail\n"
    "  migtest report JOURNAL...    make reports from journals\n"
    "  migtest box ARGS...          run migtest ARGS in a virtual machine with KVM\n"
    "  migtest qemu fetch SUITE...  put a Debian suite's QEMU on the shelf, to test with\n"
    "  migtest qemu add NAME FILE   put your own QEMU on the shelf\n"
    "  migtest qemu list            list the shelf: which QEMUs are there, and whether they start\n"
    "  migtest qemu remove NAME...  remove QEMUs from the shelf\n"
    "\n"
    "migtest COMMAND --help describes a command. A first run: migtest run\n";

static const struct mt_named_command commands[] = {
    {"run", mt_command_run},     {"list", mt_command_list},     {"doctor", mt_command_doctor},
    {"check", mt_command_check}, {"plugin", mt_command_plugin}, {"report", mt_command_report},
    {"box", mt_command_box},     {"qemu", mt_command_qemu},     {NULL, NULL},
};

/* Output that was lost is a fault, unless stdout is a pipe whose reader has closed it. */
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
    static const struct mt_command_set set = {.usage = usage, .commands = commands};

    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("migtest %s\n", MT_VERSION);
        return MT_EXIT_PASSED;
    }
    return mt_dispatch(argc, argv, &set);
}

int main(int argc, char **argv)
{
    return close_output(execute(argc, argv));
}
