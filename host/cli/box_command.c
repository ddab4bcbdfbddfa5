/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/box_command.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "cli/results_folder.h"
#include "cli/run_reports.h"
#include "manifest/manifest.h"
#include "survey/shelf.h"

void mt_box_tell(struct mt_strings *script, const char *option, const char *value)
{
    mt_strings_add(script, "%s", option);
    mt_strings_add(script, "%s", value);
}

static char *absolute(const char *path)
{
    MT_AUTO_FREE char *here = getcwd(NULL, 0);

    if (path[0] == '/' || here == NULL) {
        return mt_text_copy(path);
    }
    return mt_text("%s/%s", here, path);
}

static void tell_path(struct mt_strings *script, const char *option, const char *path)
{
    MT_AUTO_FREE char *full = absolute(path);

    mt_box_tell(script, option, full);
}

/*
 * The script gets a path, as it knows no shelf. A path that the user gave stays as it is: the box
 * needs it even where it is a link.
 */
static int tell_qemu(struct mt_strings *script, const struct mt_manifest_qemu *qemu,
                     const char *override)
{
    const char *name = override != NULL ? override : qemu->binary;
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *path = NULL;

    if (strchr(name, '/') == NULL && mt_qemu_find(name, &path, &error) < 0) {
        mt_diagnose("box: %s", mt_error_text(&error));
        return MT_EXIT_BROKEN;
    }
    mt_box_tell(script, "--qemu", path != NULL ? path : name);
    for (size_t i = 0; override == NULL && i < qemu->env.count; i++) {
        mt_box_tell(script, "--qemu-env", qemu->env.items[i]);
    }
    return -1;
}

/* The box has another cache, so it is told where this shelf is: a name then means the same QEMU. */
static void tell_shelf(void)
{
    MT_AUTO_FREE char *shelf = mt_shelf_folder();
    MT_AUTO_FREE char *full = shelf != NULL ? absolute(shelf) : NULL;

    if (full != NULL) {
        setenv("MIGTEST_SHELF", full, 1);
    }
}

/*
 * Says at once what would fail at the run's end, as a run outside of the box does. The lock on the
 * results folder goes on to the script, which this process becomes, until the results are in place.
 */
static int check_outputs(const struct mt_cli_options *options, const char *results)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    int lock;
    int result = mt_results_folder_lock(results, !options->resume, &lock, &error);

    if (result != 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return result > 0 ? MT_EXIT_USAGE : MT_EXIT_BROKEN;
    }
    if (lock >= 0) {
        fcntl(lock, F_SETFD, 0);
    }
    return mt_reports_check(options);
}

static int tell_manifest(struct mt_strings *script, const struct mt_manifest *manifest,
                         const struct mt_cli_options *options)
{
    int status = tell_qemu(script, &manifest->source, options->source);

    if (status < 0) {
        status = tell_qemu(script, &manifest->destination, options->destination);
    }
    tell_shelf();
    tell_path(script, "--results", options->results != NULL ? options->results : manifest->results);
    for (size_t i = 0; i < options->plugin_path.count; i++) {
        tell_path(script, "--folder", options->plugin_path.items[i]);
    }
    for (size_t i = 0; i < manifest->plugin_path.count; i++) {
        tell_path(script, "--folder", manifest->plugin_path.items[i]);
    }
    return status;
}

/* The box emulates KVM, so it runs one test at a time unless the user asks for more. */
static bool is_one_at_a_time(const struct mt_manifest *manifest,
                             const struct mt_cli_options *options)
{
    return options->jobs == 0 && manifest->jobs == 0;
}

/* Returns -1 to go on, or an exit status after it has printed what is wrong. */
static int tell_arguments(struct mt_strings *script, const char *usage, int argc, char **argv,
                          bool *ret_one_at_a_time)
{
    const bool is_run = strcmp(argv[0], "run") == 0;
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_cli_options options;
    struct mt_manifest *manifest;
    int status = mt_cli_options_parse(argc, argv, argv[0], usage, NULL, &options);

    if (status >= 0) {
        return status;
    }
    if (mt_manifest_load(options.argument, options.host, &manifest, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        mt_cli_options_clear(&options);
        return MT_EXIT_USAGE;
    }
    status = tell_manifest(script, manifest, &options);
    if (status < 0 && is_run && !options.dry_run) {
        status =
            check_outputs(&options, options.results != NULL ? options.results : manifest->results);
    }
    *ret_one_at_a_time = is_run && is_one_at_a_time(manifest, &options);
    mt_manifest_destroy(manifest);
    mt_cli_options_clear(&options);
    return status;
}

static bool takes_manifest(const char *command)
{
    static const char *const commands[] = {"run", "list", "doctor", "check"};
    bool takes = false;

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        takes = takes || strcmp(command, commands[i]) == 0;
    }
    return takes;
}

int mt_box_tell_command(struct mt_strings *script, const char *usage, int argc, char **argv)
{
    struct mt_strings arguments = {0};
    bool one_at_a_time = false;
    int status = -1;

    /* A copy, as getopt_long changes their order. */
    for (int i = 1; i < argc; i++) {
        mt_strings_add(&arguments, "%s", argv[i]);
    }
    if (takes_manifest(argv[0])) {
        status = tell_arguments(script, usage, argc, argv, &one_at_a_time);
    }
    mt_box_tell(script, "--", argv[0]);
    if (one_at_a_time) {
        mt_strings_add(script, "--jobs=1");
    }
    for (size_t i = 0; i < arguments.count; i++) {
        mt_strings_add(script, "%s", arguments.items[i]);
    }
    mt_strings_clear(&arguments);
    return status;
}
