/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/results_folder.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

/*
 * All that a run writes into the folder; whatever else is there is somebody else's. The journal is
 * the sign that results are there, so it goes last.
 */
static const char journal_name[] = "journal.jsonl";
static const char *const parts[] = {"logs", "failures", journal_name};

static bool has_results(const char *path)
{
    MT_AUTO_FREE char *journal = mt_text("%s/%s", path, journal_name);

    return access(journal, F_OK) == 0;
}

static int move_part(const char *from, const char *to, const char *part, struct mt_error *error)
{
    MT_AUTO_FREE char *old = mt_text("%s/%s", from, part);
    MT_AUTO_FREE char *new = mt_text("%s/%s", to, part);

    if (mt_folder_remove(new, error) < 0) {
        return -1;
    }
    if (rename(old, new) < 0 && errno != ENOENT) {
        return mt_fail_errno(error, "cannot move the previous results to %s", new);
    }
    return 0;
}

/* By its full path, as "." has no name that could be added to. */
static int keep_previous(const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *full = realpath(path, NULL);

    if (full == NULL || !has_results(full)) {
        return 0;
    }
    MT_AUTO_FREE char *previous = mt_text("%s.previous", full);
    if (mt_folder_make(previous, error) < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (move_part(full, previous, parts[i], error) < 0) {
            return -1;
        }
    }
    return 0;
}

int mt_results_folder_go_on(const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *logs = mt_text("%s/logs", path);

    return mt_folder_make(logs, error);
}

int mt_results_folder_prepare(const char *path, struct mt_error *error)
{
    return keep_previous(path, error) < 0 ? -1 : mt_results_folder_go_on(path, error);
}
