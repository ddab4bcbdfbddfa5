/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/results_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
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

int mt_results_folder_take(const char *path, bool may_make, int *ret_fd, struct mt_error *error)
{
    *ret_fd = -1;
    if (may_make && mt_folder_make(path, error) < 0) {
        return -1;
    }
    MT_AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return !may_make && errno == ENOENT ? 0 : mt_fail_errno(error, "cannot open %s", path);
    }
    /* Where a file system has no locks, nobody is kept out. */
    if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
        mt_fail(error, "another run writes its results to %s; --results names another folder",
                path);
        return 1;
    }
    *ret_fd = mt_take_fd(&fd);
    return 0;
}
