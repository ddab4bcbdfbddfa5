/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/results_folder.h"

#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

/* Only a folder with a journal is ours to move or to remove. */
static int is_ours(const char *path)
{
    MT_AUTO_FREE char *journal = mt_text("%s/journal.jsonl", path);

    return access(journal, F_OK) == 0;
}

static int keep_previous(const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *previous = mt_text("%s.previous", path);

    if (!is_ours(path)) {
        return 0;
    }
    if (is_ours(previous) && mt_folder_remove(previous, error) < 0) {
        return -1;
    }
    if (rename(path, previous) < 0) {
        return mt_fail_errno(error, "cannot move the previous results to %s", previous);
    }
    return 0;
}

int mt_results_folder_prepare(const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *logs = mt_text("%s/logs", path);

    if (keep_previous(path, error) < 0) {
        return -1;
    }
    return mt_folder_make(logs, error);
}
