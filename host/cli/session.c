/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/session.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/cgroup.h"
#include "base/cleanup.h"
#include "cli/diagnostics.h"
#include "cli/places.h"
#include "runner/slots.h"
#include "survey/cache.h"

/* Cached results of trials depend on these files, too: on the worker, its library and the guest. */
static char *identity_of_own_files(void)
{
    static const char *const files[] = {"migtest-worker", "../libmigtest.so.1", "guest/guest.rom",
                                        "guest/guest.disk"};
    char *identity = mt_text_copy("");

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        MT_AUTO_FREE char *path = mt_place_library(files[i]);
        MT_AUTO_FREE char *file = mt_cache_file_identity(path);
        mt_text_append_item(&identity, ", ", "%s", file);
    }
    return identity;
}

static uid_t owner_of_program(void)
{
    struct stat status;

    return stat("/proc/self/exe", &status) == 0 ? status.st_uid : 0;
}

static void make_plugin_path(struct mt_session *session, const struct mt_cli_options *options)
{
    MT_AUTO_FREE char *own = mt_place_library("plugins");

    for (size_t i = 0; i < options->plugin_path.count; i++) {
        mt_strings_add(&session->folders, "%s", options->plugin_path.items[i]);
    }
    for (size_t i = 0; session->manifest != NULL && i < session->manifest->plugin_path.count; i++) {
        mt_strings_add(&session->folders, "%s", session->manifest->plugin_path.items[i]);
    }
    mt_strings_add(&session->folders, "%s", own);
}

static void override(struct mt_manifest_qemu *qemu, const char *binary)
{
    if (binary != NULL) {
        qemu->binary = binary;
        qemu->place = NULL;
        mt_strings_clear(&qemu->args);
        qemu->args_node = NULL;
        mt_strings_clear(&qemu->env);
    }
}

static int load_manifest(struct mt_session *session, const struct mt_cli_options *options,
                         const char *path)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (mt_manifest_load(path, options->host, &session->manifest, &error) < 0) {
        mt_diagnose("%s", mt_error_text(&error));
        return MT_EXIT_USAGE;
    }
    override(&session->manifest->source, options->source);
    override(&session->manifest->destination, options->destination);
    session->manifest->slow = session->manifest->slow || options->slow;
    return -1;
}

/* Returns -1 to go on, or an exit status when the reason has been said. */
static int session_begin(struct mt_session *session, const struct mt_cli_options *options,
                         enum mt_command_argument argument)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};

    *session = (struct mt_session){0};
    if (argument != MT_ARGUMENT_NONE) {
        bool is_built_in = argument == MT_ARGUMENT_PLUGIN_FILE;
        int status = load_manifest(session, options, is_built_in ? NULL : options->argument);
        if (status >= 0) {
            return status;
        }
    }
    if (uv_loop_init(&session->loop) < 0) {
        mt_diagnose("cannot set up an event loop");
        return MT_EXIT_BROKEN;
    }
    /* Processes that a killed worker leaves behind become children of this process, which ends
     * them. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    /* A write that fails returns an error instead, which the caller reports. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    /* Where this fails, later attempts to make a group fail, and say so. */
    mt_cgroup_divide(&ignored);
    make_plugin_path(session, options);
    session->workers = (struct mt_workers){.loop = &session->loop,
                                           .program = mt_place_library("migtest-worker"),
                                           .identity = identity_of_own_files()};
    session->survey = (struct mt_survey){.manifest = session->manifest,
                                         .workers = &session->workers,
                                         .folders = &session->folders,
                                         .owner = owner_of_program(),
                                         .insecure = options->insecure};
    return -1;
}

static void session_end(struct mt_session *session)
{
    if (session->workers.program != NULL) {
        session->survey.changed = NULL;
        mt_workers_stop_all(&session->workers);
        uv_run(&session->loop, UV_RUN_DEFAULT);
        uv_loop_close(&session->loop);
        mt_cgroup_unite();
    }
    mt_survey_clear(&session->survey);
    mt_manifest_destroy(session->manifest);
    mt_strings_clear(&session->folders);
    free((char *)(uintptr_t)session->workers.program);
    free((char *)(uintptr_t)session->workers.identity);
}

/* Returns -1 to go on, or an exit status when the reason has been said. */
static int check_argument(const struct mt_command *command, const char *argument)
{
    const char *name = command->name;

    if (command->argument == MT_ARGUMENT_MANIFEST_REQUIRED && argument == NULL) {
        mt_diagnose("%s: expected a manifest; see migtest %s --help", name, name);
        return MT_EXIT_USAGE;
    }
    if (command->argument == MT_ARGUMENT_PLUGIN_FILE && argument == NULL) {
        mt_diagnose("%s: no file; expected the path of a plugin", name);
        return MT_EXIT_USAGE;
    }
    if (command->argument == MT_ARGUMENT_NONE && argument != NULL) {
        mt_diagnose("%s: unexpected argument %s", name, argument);
        return MT_EXIT_USAGE;
    }
    return -1;
}

int mt_command_execute(int argc, char **argv, const struct mt_command *command)
{
    struct mt_cli_options options;
    struct mt_session session;
    int status =
        mt_cli_options_parse(argc, argv, command->name, command->usage, command->allowed, &options);

    if (status >= 0) {
        return status;
    }
    status = check_argument(command, options.argument);
    if (status < 0) {
        status = session_begin(&session, &options, command->argument);
        if (status < 0) {
            status = command->run(&session, &options);
        }
        session_end(&session);
    }
    mt_cli_options_clear(&options);
    return status;
}

int mt_session_check_options(const struct mt_session *session)
{
    int status = -1;

    for (size_t i = 0; i < session->survey.plugin_count; i++) {
        const struct mt_surveyed_plugin *plugin = &session->survey.plugins[i];
        if (plugin->fault_in_manifest) {
            mt_diagnose("%s", plugin->fault);
            status = MT_EXIT_USAGE;
        }
    }
    return status;
}

struct mt_calibration mt_session_calibrate(struct mt_session *session,
                                           struct mt_calibrator *calibrator, double at_once)
{
    const struct mt_survey *survey = &session->survey;

    mt_calibrate_wait(calibrator, &session->loop);
    struct mt_calibration calibration = calibrator->found;
    calibration.crowd =
        mt_calibration_crowd(mt_tests_for(mt_cores_here()), at_once, mt_load_here());
    calibration.boot_ms = survey->accel != NULL ? mt_survey_boot_ms(survey, survey->accel) : 0;
    return calibration;
}

void mt_session_warn_shadowed(const struct mt_session *session,
                              void (*warn)(void *data, const char *text), void *data)
{
    for (size_t i = 0; i < session->survey.plugin_count; i++) {
        const struct mt_surveyed_plugin *plugin = &session->survey.plugins[i];
        for (size_t j = 0; j < plugin->shadowed.count; j++) {
            MT_AUTO_FREE char *text =
                mt_text("plugin %s: %s comes first on the plugin path; %s is not "
                        "used",
                        plugin->entry->name, plugin->file, plugin->shadowed.items[j]);
            warn(data, text);
        }
    }
}
