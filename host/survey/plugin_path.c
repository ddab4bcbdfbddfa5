/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/plugin_path.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/suggest.h"

static void list_plugins(const char *folder, struct mt_strings *names)
{
    MT_AUTO_DIR DIR *directory = opendir(folder);
    const struct dirent *entry;

    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot != NULL && dot != entry->d_name && strcmp(dot, ".so") == 0) {
            mt_strings_add(names, "%.*s", (int)(dot - entry->d_name), entry->d_name);
        }
    }
}

static int fail_missing(const struct mt_strings *folders, const char *name, struct mt_error *error)
{
    struct mt_strings names = {0};
    MT_AUTO_FREE char *searched = mt_text_copy("");

    for (size_t i = 0; i < folders->count; i++) {
        mt_text_append_item(&searched, ", ", "%s", folders->items[i]);
        list_plugins(folders->items[i], &names);
    }
    MT_AUTO_FREE char *suggestion =
        names.count > 0 ? mt_suggestion(name, (const char *const *)names.items) : mt_text_copy("");
    mt_strings_clear(&names);
    return mt_fail(error, "no plugin %s.so on the plugin path; expected it in %s%s", name, searched,
                   suggestion);
}

int mt_plugin_find(const struct mt_strings *folders, const char *name, char **ret_path,
                   char **ret_folder, struct mt_strings *ret_shadowed, struct mt_error *error)
{
    char *found = NULL;

    for (size_t i = 0; i < folders->count; i++) {
        MT_AUTO_FREE char *path = mt_text("%s/%s.so", folders->items[i], name);
        struct stat status;
        if (stat(path, &status) < 0 || !S_ISREG(status.st_mode)) {
            continue;
        }
        char *absolute = realpath(path, NULL);
        if (found == NULL) {
            found = absolute != NULL ? absolute : mt_text_copy(path);
            *ret_folder = realpath(folders->items[i], NULL);
            continue;
        }
        if (absolute != NULL && strcmp(absolute, found) != 0) {
            mt_strings_add(ret_shadowed, "%s", absolute);
        }
        free(absolute);
    }
    if (found == NULL) {
        return fail_missing(folders, name, error);
    }
    *ret_path = found;
    return 0;
}
