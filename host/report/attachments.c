/* SPDX-License-Identifier: Apache-2.0 */
#include "report/attachments.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

static int is_file(const struct dirent *entry)
{
    return entry->d_type != DT_DIR;
}

static void add_folder(const char *folder, struct mt_strings *paths)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_file, alphasort);

    for (int i = 0; i < count; i++) {
        mt_strings_add(paths, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void add_log(const struct mt_results *results, const char *log, struct mt_strings *paths)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", results->folder, log);

    if (access(path, R_OK) == 0) {
        mt_strings_add(paths, "%s", path);
    }
}

static void add_attempt(const struct mt_results *results, const struct mt_event *attempt, bool bad,
                        struct mt_strings *paths)
{
    if (attempt->bundle != NULL) {
        MT_AUTO_FREE char *folder = mt_text("%s/%s", results->folder, attempt->bundle);
        add_folder(folder, paths);
    }
    if (attempt->log != NULL && bad) {
        add_log(results, attempt->log, paths);
    }
}

/* Whether the host died during an attempt, and not between two attempts. */
static bool is_under_way(const struct mt_case *test)
{
    const struct mt_event *last =
        test->attempt_count > 0 ? &test->attempts[test->attempt_count - 1] : NULL;

    return mt_test_state_ending(&test->state) == NULL &&
           (last == NULL || last->attempt != test->started.attempt ||
            last->repeat != test->started.repeat);
}

void mt_attachments_find(const struct mt_results *results, const struct mt_case *test,
                         struct mt_strings *ret_paths)
{
    if (results->folder == NULL) {
        return;
    }
    for (size_t i = 0; i < test->attempt_count; i++) {
        add_attempt(results, &test->attempts[i], mt_event_is_bad(&test->attempts[i]), ret_paths);
    }
    if (is_under_way(test)) {
        add_attempt(results, &test->started, true, ret_paths);
    }
}

/* The part of a path below the current folder, "" for the folder itself; NULL: not below it. */
static const char *below_here(const char *path)
{
    MT_AUTO_FREE char *here = realpath(".", NULL);
    size_t size = here != NULL ? strlen(here) : 0;

    if (size <= 1 || strncmp(path, here, size) != 0) {
        return NULL;
    }
    return path[size] == '/' ? path + size + 1 : path[size] == '\0' ? path + size : NULL;
}

char *mt_attachment_shown(const struct mt_results *results, const char *relative)
{
    if (results->folder == NULL) {
        return mt_text_copy(relative);
    }
    const char *below = below_here(results->folder);
    const char *folder = below != NULL ? below : results->folder;
    return mt_text("%s%s%s", folder, folder[0] != '\0' ? "/" : "", relative);
}
