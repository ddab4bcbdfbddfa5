/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migtest box: finds out which QEMUs, folders and results a command is about, and hands all of it
 * to the script beside the worker, which runs the same command in a virtual machine with KVM.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "cli/places.h"
#include "cli/results_folder.h"
#include "cli/run_reports.h"
#include "manifest/manifest.h"
#include "manifest/values.h"
#include "survey/shelf.h"

static const char usage[] =
    "usage: migtest box [options] ARGS...\n"
    "\n"
    "Runs migtest ARGS in a virtual machine that has KVM and its dirty ring, which TCG emulates: "
    "for\n"
    "the tests that need them, on a machine that lacks them. Results come out to where the same\n"
    "command would have put them.\n"
    "\n"
    "      --fetch           get the kernel for it, Debian's, into your cache; nothing is "
    "installed\n"
    "      --kernel FILE     another kernel\n"
    "      --modules DIR     and the folder of its modules\n"
    "      --emulator QEMU   what emulates the machine (qemu-system-x86_64)\n"
    "      --memory SIZE     of the machine (2GiB)\n"
    "      --cpus N          of the machine (1)\n"
    "  -v, --verbose         say how long its parts took\n"
    "      --deadline S      seconds after which migtest in it is told to end (1800)\n";

struct wanted {
    bool fetch;
    bool one_at_a_time; /* as nobody says how many tests there are to be at once */
    const char *prepare;
    struct mt_strings command; /* the script, and what it is told */
    struct mt_strings words;   /* of migtest in the box */
};

static const struct option long_options[] = {
    {"cpus", required_argument, NULL, 'c'},
    {"deadline", required_argument, NULL, 'd'},
    {"emulator", required_argument, NULL, 'e'},
    {"fetch", no_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},
    {"kernel", required_argument, NULL, 'k'},
    {"memory", required_argument, NULL, 'm'},
    {"modules", required_argument, NULL, 'M'},
    {"prepare", required_argument, NULL, 'p'},
    {"verbose", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static void tell(struct wanted *wanted, const char *option, const char *value)
{
    mt_strings_add(&wanted->command, "%s", option);
    mt_strings_add(&wanted->command, "%s", value);
}

static int take_memory(struct wanted *wanted)
{
    const int64_t least = 512 * 1024 * 1024;
    int64_t size;

    if (mt_parse_size(optarg, &size) < 0 || size < least) {
        mt_diagnose("box: --memory is \"%s\"; expected a size such as 2GiB, of 512MiB or more",
                    optarg);
        return MT_EXIT_USAGE;
    }
    MT_AUTO_FREE char *mebibytes = mt_text("%lldM", (long long)size / 1024 / 1024);
    tell(wanted, "--memory", mebibytes);
    return -1;
}

static int take_cpus(struct wanted *wanted)
{
    int64_t cpus;

    if (mt_parse_int(optarg, &cpus) < 0 || cpus < 1 || cpus > 64) {
        mt_diagnose("box: --cpus is \"%s\"; expected a number from 1 to 64", optarg);
        return MT_EXIT_USAGE;
    }
    tell(wanted, "--cpus", optarg);
    return -1;
}

static int take_deadline(struct wanted *wanted)
{
    int64_t ms;

    if (mt_parse_duration(optarg, &ms) < 0 || ms < 1000) {
        mt_diagnose("box: --deadline is \"%s\"; expected a time such as 600, 600s or 10m", optarg);
        return MT_EXIT_USAGE;
    }
    MT_AUTO_FREE char *seconds = mt_text("%lld", (long long)ms / 1000);
    tell(wanted, "--deadline", seconds);
    return -1;
}

static int take(struct wanted *wanted, int option, char **argv)
{
    switch (option) {
    case 'c':
        return take_cpus(wanted);
    case 'd':
        return take_deadline(wanted);
    case 'm':
        return take_memory(wanted);
    case 'e':
        tell(wanted, "--emulator", optarg);
        return -1;
    case 'k':
        tell(wanted, "--kernel", optarg);
        return -1;
    case 'M':
        tell(wanted, "--modules", optarg);
        return -1;
    case 'f':
        wanted->fetch = true;
        return -1;
    case 'v':
        mt_strings_add(&wanted->command, "--verbose");
        return -1;
    case 'p':
        wanted->prepare = optarg;
        return -1;
    case 'h':
        fputs(usage, stdout);
        return MT_EXIT_PASSED;
    default:
        mt_diagnose(
            "box: unknown option or missing value: %s; expected one that migtest box --help "
            "lists",
            argv[optind - 1]);
        return MT_EXIT_USAGE;
    }
}

static int parse(int argc, char **argv, struct wanted *wanted)
{
    int status = -1;
    int option;

    opterr = 0;
    optind = 1;
    while (status < 0 && (option = getopt_long(argc, argv, "+:hv", long_options, NULL)) != -1) {
        status = take(wanted, option, argv);
    }
    if (status < 0 && optind == argc && !wanted->fetch && wanted->prepare == NULL) {
        mt_diagnose("box: expected a command of migtest's, such as migtest box run");
        status = MT_EXIT_USAGE;
    }
    return status;
}

static char *absolute(const char *path)
{
    MT_AUTO_FREE char *here = getcwd(NULL, 0);

    if (path[0] == '/' || here == NULL) {
        return mt_text_copy(path);
    }
    return mt_text("%s/%s", here, path);
}

static void tell_path(struct wanted *wanted, const char *option, const char *path)
{
    MT_AUTO_FREE char *full = absolute(path);

    tell(wanted, option, full);
}

/* By its path, as the script knows no shelf; a path that was given may be a link, which is needed.
 */
static int tell_qemu(struct wanted *wanted, const struct mt_manifest_qemu *qemu,
                     const char *override)
{
    const char *name = override != NULL ? override : qemu->binary;
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *path = NULL;

    if (strchr(name, '/') == NULL && mt_qemu_find(name, &path, &error) < 0) {
        mt_diagnose("box: %s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    tell(wanted, "--qemu", path != NULL ? path : name);
    for (size_t i = 0; override == NULL && i < qemu->env.count; i++) {
        tell(wanted, "--qemu-env", qemu->env.items[i]);
    }
    return -1;
}

/* Names of the shelf mean the same in the box, where the user's cache is another. */
static void tell_shelf(void)
{
    MT_AUTO_FREE char *shelf = mt_shelf_folder();
    MT_AUTO_FREE char *full = shelf != NULL ? absolute(shelf) : NULL;

    if (full != NULL) {
        setenv("MIGTEST_SHELF", full, 1);
    }
}

/*
 * What would fail at the run's end is said at once, as by a run outside. The lock is held until the
 * script, which this process becomes, has put the results in place.
 */
static int take_outputs(const struct mt_cli_options *options, const char *results)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    int lock;
    int taken = mt_results_folder_take(results, !options->resume, &lock, &error);

    if (taken != 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return taken > 0 ? MT_EXIT_USAGE : MT_EXIT_BROKEN;
    }
    if (lock >= 0) {
        fcntl(lock, F_SETFD, 0);
    }
    return mt_reports_check(options);
}

static int tell_run(struct wanted *wanted, const struct mt_manifest *manifest,
                    const struct mt_cli_options *options)
{
    wanted->one_at_a_time = options->jobs == 0 && manifest->jobs == 0;
    if (options->dry_run) {
        return -1;
    }
    return take_outputs(options, options->results != NULL ? options->results : manifest->results);
}

static int tell_manifest(struct wanted *wanted, const struct mt_manifest *manifest,
                         const struct mt_cli_options *options)
{
    int status = tell_qemu(wanted, &manifest->source, options->source);

    if (status < 0) {
        status = tell_qemu(wanted, &manifest->destination, options->destination);
    }
    tell_shelf();
    tell_path(wanted, "--results", options->results != NULL ? options->results : manifest->results);
    for (size_t i = 0; i < options->plugin_path.count; i++) {
        tell_path(wanted, "--folder", options->plugin_path.items[i]);
    }
    for (size_t i = 0; i < manifest->plugin_path.count; i++) {
        tell_path(wanted, "--folder", manifest->plugin_path.items[i]);
    }
    return status;
}

/* What is wrong with the arguments or the manifest is said here already. */
static int tell_command(struct wanted *wanted, int argc, char **argv)
{
    static const char *const with_manifest[] = {"run", "list", "doctor", "check"};
    struct mt_cli_options options;
    struct mt_manifest *manifest;
    MT_AUTO_ERROR struct mt_error error = {0};
    bool takes_manifest = false;

    for (size_t i = 0; i < sizeof(with_manifest) / sizeof(with_manifest[0]); i++) {
        takes_manifest = takes_manifest || strcmp(argv[0], with_manifest[i]) == 0;
    }
    if (!takes_manifest) {
        return -1;
    }
    int status = mt_cli_options_parse(argc, argv, argv[0], usage, NULL, &options);
    if (status >= 0) {
        return status;
    }
    if (mt_manifest_load(options.argument, options.host, &manifest, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        status = MT_EXIT_USAGE;
    } else {
        status = tell_manifest(wanted, manifest, &options);
        if (status < 0 && strcmp(argv[0], "run") == 0) {
            status = tell_run(wanted, manifest, &options);
        }
        mt_manifest_destroy(manifest);
    }
    mt_cli_options_clear(&options);
    return status;
}

static int prepare(const char *folder)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (mt_results_folder_prepare(folder, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    return MT_EXIT_PASSED;
}

static int become_script(const struct wanted *wanted)
{
    execv(wanted->command.items[0], wanted->command.items);
    mt_diagnose("cannot start %s: %m", wanted->command.items[0]);
    return MT_EXIT_BROKEN;
}

static int carry_out(struct wanted *wanted, int argc, char **argv)
{
    if (wanted->prepare != NULL) {
        return prepare(wanted->prepare);
    }
    if (wanted->fetch) {
        mt_strings_add(&wanted->command, "--fetch");
        return become_script(wanted);
    }
    /* Before they are parsed, which changes their order. */
    for (int i = 0; i < argc; i++) {
        mt_strings_add(&wanted->words, "%s", argv[i]);
    }
    int status = tell_command(wanted, argc, argv);
    if (status >= 0) {
        return status;
    }
    mt_strings_add(&wanted->command, "--");
    mt_strings_add(&wanted->command, "%s", wanted->words.items[0]);
    if (wanted->one_at_a_time) {
        mt_strings_add(&wanted->command, "--jobs=1");
    }
    for (size_t i = 1; i < wanted->words.count; i++) {
        mt_strings_add(&wanted->command, "%s", wanted->words.items[i]);
    }
    return become_script(wanted);
}

int mt_command_box(int argc, char **argv)
{
    struct wanted wanted = {0};
    MT_AUTO_FREE char *script = mt_place_library("box/migtest-box");
    MT_AUTO_FREE char *program = realpath("/proc/self/exe", NULL);

    mt_strings_add(&wanted.command, "%s", script);
    tell(&wanted, "--migtest", program != NULL ? program : "migtest");
    int status = parse(argc, argv, &wanted);
    if (status < 0) {
        int first = optind;
        status = carry_out(&wanted, argc - first, argv + first);
    }
    mt_strings_clear(&wanted.command);
    mt_strings_clear(&wanted.words);
    return status;
}
