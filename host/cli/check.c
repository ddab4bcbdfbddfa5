/* SPDX-License-Identifier: Apache-2.0 */
/* migtest check */
#include <stdio.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/session.h"
#include "manifest/qemu_args.h"
#include "plan/quarantine.h"
#include "survey/shelf.h"

static const char usage[] =
    "usage: migtest check [options] MANIFEST\n"
    "\n"
    "Validates a manifest. Checks that its plugins are there, that they load, and that they "
    "accept\n"
    "the options that the manifest gives them. Warns of quarantines that are over or match no "
    "test,\n"
    "and of QEMUs that this host does not have. Starts no QEMU.\n"
    "\n"
    "      --resolved        print the manifest as it applies to this host, with defaults\n"
    "      --host NAME       act as that host\n"
    "      --plugin-path DIR look in this folder for plugins first; repeatable\n"
    "      --allow-insecure-plugins   load plugins even if other users may write to their files\n";

static const char *const allowed[] = {"allow-insecure-plugins", "host", "plugin-path", "resolved",
                                      NULL};

static int say_fault(const struct mt_session *session, const struct mt_surveyed_plugin *plugin)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (plugin->fault_in_manifest) {
        mt_diagnose("%s", plugin->fault);
        return MT_EXIT_USAGE;
    }
    mt_yaml_fail(&session->manifest->file, plugin->entry->place, &error, "%s", plugin->fault);
    mt_diagnose("%s", mt_error_text(&error));
    return MT_EXIT_USAGE;
}

static void mark_used(const struct mt_surveyed_plugin *plugin, struct mt_quarantines *quarantines)
{
    const json_t *group;
    const json_t *test;
    size_t i;
    size_t j;

    json_array_foreach (plugin->groups, i, group) {
        json_array_foreach (json_object_get(group, "tests"), j, test) {
            const struct mt_test_id id = {.plugin = plugin->entry->name,
                                          .test = mt_json_text(test, "name")};
            mt_quarantine_find(quarantines, &id);
        }
    }
}

static void warn_at(const struct mt_manifest *manifest, const struct mt_yaml *place,
                    const char *what, const char *test)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    mt_yaml_fail(&manifest->file, place, &error, "the quarantine of %s %s", test, what);
    mt_diagnose("warning: %s", mt_error_text(&error));
}

/* These are warnings: a quarantine may be of a plugin that only another host has. */
static void warn_of_quarantines(const struct mt_session *session)
{
    const struct mt_manifest *manifest = session->manifest;
    struct mt_quarantines quarantines;

    mt_quarantines_read(manifest->quarantine, (int64_t)time(NULL), &quarantines);
    for (size_t i = 0; i < session->survey.plugin_count; i++) {
        mark_used(&session->survey.plugins[i], &quarantines);
    }
    for (size_t i = 0; i < quarantines.count; i++) {
        const struct mt_quarantine *entry = &quarantines.entries[i];
        if (!entry->used) {
            warn_at(manifest, manifest->quarantine->items[i], "is of no test here", entry->test);
        } else if (entry->is_over) {
            warn_at(manifest, manifest->quarantine->items[i],
                    "is past its date, for which a run fails", entry->test);
        }
    }
    mt_quarantines_clear(&quarantines);
}

static void warn_of_silence(const struct mt_manifest *manifest, const struct mt_strings *args,
                            const struct mt_yaml *node)
{
    for (size_t i = 0; i < args->count && node != NULL; i++) {
        const char *why = mt_qemu_args_silence(args, i, manifest->firmware);
        MT_AUTO_ERROR struct mt_error error = {0};
        if (why != NULL) {
            mt_yaml_fail(&manifest->file, node->items[i], &error,
                         "with %.60s in args nothing may run: %s", args->items[i], why);
            mt_diagnose("warning: %s", mt_error_text(&error));
        }
    }
}

/* This is a warning: the manifest may be for another host. */
static void warn_of_qemu(const struct mt_manifest *manifest, const struct mt_manifest_qemu *qemu,
                         const char *side)
{
    MT_AUTO_ERROR struct mt_error why = {0};
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *path = NULL;

    if (mt_qemu_find(qemu->binary, &path, &why) < 0) {
        mt_yaml_fail(&manifest->file, qemu->place, &error, "the %s cannot run here: %s", side,
                     mt_error_text(&why));
        mt_diagnose("warning: %s", mt_error_text(&error));
    }
}

static int check_manifest(struct mt_session *session, const struct mt_cli_options *options)
{
    int status = MT_EXIT_PASSED;

    mt_survey_plugins(&session->survey);
    mt_survey_wait(&session->survey);
    for (size_t i = 0; i < session->survey.plugin_count; i++) {
        if (session->survey.plugins[i].fault != NULL) {
            status = say_fault(session, &session->survey.plugins[i]);
        }
    }
    if (status != MT_EXIT_PASSED) {
        return status;
    }
    warn_of_quarantines(session);
    warn_of_silence(session->manifest, &session->manifest->args, session->manifest->args_node);
    warn_of_silence(session->manifest, &session->manifest->source.args,
                    session->manifest->source.args_node);
    warn_of_silence(session->manifest, &session->manifest->destination.args,
                    session->manifest->destination.args_node);
    warn_of_qemu(session->manifest, &session->manifest->source, "source");
    warn_of_qemu(session->manifest, &session->manifest->destination, "destination");
    if (options->resolved) {
        mt_manifest_print(session->manifest, stdout);
    } else {
        printf("%s is valid: %zu plugin%s, %zu of them enabled on %s\n",
               session->manifest->file.name, session->manifest->plugin_count,
               mt_plural(session->manifest->plugin_count), session->survey.plugin_count,
               options->host);
    }
    return MT_EXIT_PASSED;
}

int mt_command_check(int argc, char **argv)
{
    static const struct mt_command command = {.name = "check",
                                              .usage = usage,
                                              .allowed = allowed,
                                              .argument = MT_ARGUMENT_MANIFEST_REQUIRED,
                                              .run = check_manifest};

    return mt_command_execute(argc, argv, &command);
}
