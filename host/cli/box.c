/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migtest box: this process becomes the script beside the worker, which runs the same command in a
 * virtual machine with KVM.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/box_command.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/places.h"
#include "cli/results_folder.h"
#include "cli/script.h"
#include "manifest/values.h"

static const char usage[] =
    "usage: migtest box [options] ARGS...\n"
    "\n"
    "Runs migtest ARGS in a virtual machine that has KVM and its dirty ring, which TCG emulates. "
    "This\n"
    "is for tests that need KVM, on a machine that lacks it. The results are put where the same\n"
    "command would have put them outside of the box.\n"
    "\n"
    "      --fetch           download a kernel of Debian's into your cache; nothing is installed\n"
    "      --kernel FILE     use another kernel\n"
    "      --modules DIR     the folder of that kernel's modules\n"
    "      --emulator QEMU   the QEMU that emulates the machine (qemu-system-x86_64)\n"
    "      --memory SIZE     memory of the machine (2GiB)\n"
    "      --cpus N          processors of the machine (1)\n"
    "  -v, --verbose         print how long each part took\n"
    "      --deadline S      seconds after which migtest in the box is told to end (1800)\n";

/* What the command line asks of the box. */
struct request {
    bool fetch;
    const char *prepare;      /* a results folder, which the script asks to have made ready */
    struct mt_strings script; /* with its arguments */
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

static int take_memory(struct request *request)
{
    const int64_t least = 512 * 1024 * 1024;
    int64_t size;

    if (mt_parse_size(optarg, &size) < 0 || size < least) {
        mt_diagnose("box: --memory is \"%s\"; expected a size such as 2GiB, of 512MiB or more",
                    optarg);
        return MT_EXIT_USAGE;
    }
    MT_AUTO_FREE char *mebibytes = mt_text("%lldM", (long long)size / 1024 / 1024);
    mt_box_tell(&request->script, "--memory", mebibytes);
    return -1;
}

static int take_cpus(struct request *request)
{
    int64_t cpus;

    if (mt_parse_int(optarg, &cpus) < 0 || cpus < 1 || cpus > 64) {
        mt_diagnose("box: --cpus is \"%s\"; expected a number from 1 to 64", optarg);
        return MT_EXIT_USAGE;
    }
    mt_box_tell(&request->script, "--cpus", optarg);
    return -1;
}

static int take_deadline(struct request *request)
{
    int64_t ms;

    if (mt_parse_duration(optarg, &ms) < 0 || ms < 1000) {
        mt_diagnose("box: --deadline is \"%s\"; expected a time such as 600, 600s or 10m", optarg);
        return MT_EXIT_USAGE;
    }
    MT_AUTO_FREE char *seconds = mt_text("%lld", (long long)ms / 1000);
    mt_box_tell(&request->script, "--deadline", seconds);
    return -1;
}

static int take_box_option(struct request *request, int option, char **argv)
{
    switch (option) {
    case 'c':
        return take_cpus(request);
    case 'd':
        return take_deadline(request);
    case 'm':
        return take_memory(request);
    case 'e':
        mt_box_tell(&request->script, "--emulator", optarg);
        return -1;
    case 'k':
        mt_box_tell(&request->script, "--kernel", optarg);
        return -1;
    case 'M':
        mt_box_tell(&request->script, "--modules", optarg);
        return -1;
    case 'f':
        request->fetch = true;
        return -1;
    case 'v':
        mt_strings_add(&request->script, "--verbose");
        return -1;
    case 'p':
        request->prepare = optarg;
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

static int parse_box_options(int argc, char **argv, struct request *request)
{
    int status = -1;
    int option;

    opterr = 0;
    optind = 1;
    while (status < 0 && (option = getopt_long(argc, argv, "+:hv", long_options, NULL)) != -1) {
        status = take_box_option(request, option, argv);
    }
    if (status < 0 && optind == argc && !request->fetch && request->prepare == NULL) {
        mt_diagnose("box: expected a command of migtest's, such as migtest box run");
        status = MT_EXIT_USAGE;
    }
    return status;
}

static int prepare_results(const char *folder)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (mt_results_folder_prepare(folder, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    return MT_EXIT_PASSED;
}

static int carry_out_request(struct request *request, int argc, char **argv)
{
    if (request->prepare != NULL) {
        return prepare_results(request->prepare);
    }
    if (request->fetch) {
        mt_strings_add(&request->script, "--fetch");
        return mt_become_script(&request->script);
    }
    int status = mt_box_tell_command(&request->script, usage, argc, argv);
    return status >= 0 ? status : mt_become_script(&request->script);
}

int mt_command_box(int argc, char **argv)
{
    struct request request = {0};
    MT_AUTO_FREE char *script = mt_place_library("box/migtest-box");
    MT_AUTO_FREE char *program = realpath("/proc/self/exe", NULL);

    mt_strings_add(&request.script, "%s", script);
    mt_box_tell(&request.script, "--migtest", program != NULL ? program : "migtest");
    int status = parse_box_options(argc, argv, &request);
    if (status < 0) {
        int first = optind;
        status = carry_out_request(&request, argc - first, argv + first);
    }
    mt_strings_clear(&request.script);
    return status;
}
