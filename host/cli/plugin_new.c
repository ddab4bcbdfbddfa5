/* SPDX-License-Identifier: Apache-2.0 */
/* migtest plugin new: writes a project, made from the files of share/migtest/template. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "cli/places.h"
#include "cli/plugin_commands.h"
#include "manifest/keys.h"

static const char usage[] = "usage: migtest plugin new NAME\n"
                            "\n"
                            "Writes a project that builds a plugin of that name into the folder "
                            "NAME, with a manifest that runs\n"
                            "the plugin.\n";

static const char *const allowed[] = {NULL};

/* Replaces every placeholder of a template with the plugin's name. */
static char *fill_template(const char *text, const char *placeholder, const char *name)
{
    char *filled = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&filled, &size);
    const char *found;

    while ((found = strstr(text, placeholder)) != NULL) {
        fprintf(out, "%.*s%s", (int)(found - text), text, name);
        text = found + strlen(placeholder);
    }
    fputs(text, out);
    fclose(out);
    return filled;
}

static int write_project_file(const char *template_folder, const char *file, const char *name,
                              struct mt_error *error)
{
    const size_t largest = 1024 * 1024;
    MT_AUTO_FREE char *from = mt_text("%s/%s", template_folder, file);
    MT_AUTO_FREE char *text = NULL;

    if (mt_file_read(from, largest, &text, NULL, error) < 0) {
        return -1;
    }
    MT_AUTO_FREE char *filled = fill_template(text, "@NAME@", name);
    bool named = strncmp(file, "plugin.", strlen("plugin.")) == 0;
    MT_AUTO_FREE char *to =
        named ? mt_text("%s/%s%s", name, name, strchr(file, '.')) : mt_text("%s/%s", name, file);
    return mt_file_write(to, filled, strlen(filled), error);
}

static int write_project(const char *template_folder, DIR *directory, const char *name,
                         struct mt_error *error)
{
    const struct dirent *entry;

    if (mkdir(name, 0777) < 0) {
        return mt_fail_errno(error, "cannot make the folder %s", name);
    }
    while ((entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.' &&
            write_project_file(template_folder, entry->d_name, name, error) < 0) {
            return -1;
        }
    }
    return 0;
}

static int make_project(const char *name)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *folder = mt_place_share("template");
    MT_AUTO_DIR DIR *directory = opendir(folder);

    if (!mt_plugin_name_is_possible(name)) {
        mt_diagnose("plugin new: \"%.80s\" cannot be a plugin's name; expected lower-case letters, "
                    "digits, \"_\" and \"-\", at most 64",
                    name);
        return MT_EXIT_USAGE;
    }
    if (directory == NULL) {
        mt_diagnose("plugin new: there is no template here; expected it in %s, where the package "
                    "migtest-dev puts it",
                    folder);
        return MT_EXIT_BROKEN;
    }
    if (write_project(folder, directory, name, &error) < 0) {
        mt_diagnose("plugin new: %s", mt_error_text(&error));
        return MT_EXIT_USAGE;
    }
    printf("%s/ has a plugin's project; %s/README.md says how to build and run it\n", name, name);
    return MT_EXIT_PASSED;
}

int mt_command_plugin_new(int argc, char **argv)
{
    struct mt_cli_options options;
    int status = mt_cli_options_parse(argc, argv, "plugin new", usage, allowed, &options);

    if (status >= 0) {
        return status;
    }
    if (options.argument == NULL) {
        mt_diagnose("plugin new: no name; expected that of the plugin");
        status = MT_EXIT_USAGE;
    } else {
        status = make_project(options.argument);
    }
    mt_cli_options_clear(&options);
    return status;
}
