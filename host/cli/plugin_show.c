/* SPDX-License-Identifier: Apache-2.0 */
/* migtest plugin show */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "cli/diagnostics.h"
#include "cli/plugin_commands.h"
#include "cli/session.h"

static const char usage[] =
    "usage: migtest plugin show FILE.so\n"
    "\n"
    "Says what a plugin is, which options it has, what it tests and what its tests need. The "
    "plugin is\n"
    "loaded in a process of its own.\n"
    "\n"
    "      --allow-insecure-plugins   load it even if other users may write to its file\n";

static const char *const allowed[] = {"allow-insecure-plugins", NULL};

static void print_text(const char *label, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        MT_AUTO_FREE char *clean = mt_clean_line(text);
        printf("%-9s %s\n", label, clean);
    }
}

static void print_descriptor(const struct mt_surveyed_plugin *plugin)
{
    static const char *const members[] = {"name", "version", "vendor", "licence", "summary"};

    print_text("file", plugin->file);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        print_text(members[i], mt_json_find_text(plugin->descriptor, members[i]));
    }
    printf("%-9s %u.%u, built with the headers of %u.%u\n", "ABI", plugin->note.abi_major,
           plugin->note.needed_minor, plugin->note.abi_major, plugin->note.abi_minor);
}

static void print_value(const char *label, const json_t *value)
{
    if (value != NULL) {
        MT_AUTO_FREE char *dumped = json_dumps(value, JSON_ENCODE_ANY);
        printf(", %s %s", label, dumped);
    }
}

static void print_options(const json_t *options)
{
    size_t index;
    json_t *option;

    json_array_foreach (options, index, option) {
        printf("option    %s: %s", mt_json_find_text(option, "name"),
               mt_json_find_text(option, "type"));
        print_value("default", json_object_get(option, "default"));
        print_value("from", json_object_get(option, "min"));
        print_value("to", json_object_get(option, "max"));
        const char *help = mt_json_find_text(option, "help");
        printf("%s%s\n", help != NULL ? "; " : "", help != NULL ? help : "");
    }
}

static void print_needs(const json_t *needs)
{
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)(uintptr_t)needs, name, value) {
        MT_AUTO_FREE char *dumped = json_dumps(value, JSON_ENCODE_ANY);
        printf("              needs %s %s\n", name, dumped);
    }
}

static void print_groups(const json_t *groups)
{
    size_t i;
    size_t j;
    json_t *group;
    json_t *test;

    json_array_foreach (groups, i, group) {
        print_text("group", mt_json_find_text(group, "name"));
        json_array_foreach (json_object_get(group, "tests"), j, test) {
            bool slow = json_is_true(json_object_get(test, "slow"));
            const char *summary = mt_json_find_text(test, "summary");
            MT_AUTO_FREE char *line =
                mt_text("%s%s%s%s", mt_json_find_text(test, "name"), slow ? " (slow)" : "",
                        summary != NULL ? ": " : "", summary != NULL ? summary : "");
            print_text("  test", line);
            print_needs(json_object_get(test, "needs"));
        }
    }
}

static int show_plugin(struct mt_session *session, const struct mt_cli_options *options)
{
    mt_survey_file(&session->survey, options->argument);
    mt_survey_wait(&session->survey);
    const struct mt_surveyed_plugin *plugin = &session->survey.plugins[0];
    if (plugin->fault != NULL) {
        mt_diagnose("%s", plugin->fault);
        return MT_EXIT_FAILED;
    }
    print_descriptor(plugin);
    print_options(json_object_get(plugin->descriptor, "options"));
    print_groups(plugin->groups);
    return MT_EXIT_PASSED;
}

int mt_command_plugin_show(int argc, char **argv)
{
    static const struct mt_command command = {.name = "plugin show",
                                              .usage = usage,
                                              .allowed = allowed,
                                              .argument = MT_ARGUMENT_PLUGIN_FILE,
                                              .run = show_plugin};

    return mt_command_execute(argc, argv, &command);
}
