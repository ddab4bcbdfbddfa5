/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/results_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

/*
 * Everything that a run writes into the folder. Other files there are not touched. A folder with a
 * journal counts as results, so the journal is moved last.
 */
static const char journal_name[] = "journal.jsonl";
static const char *const parts[] = {"logs", "failures", journal_name};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

static bool has_results(const char *path)
{
    MT_AUTO_FREE char *journal = mt_text("%s/%s", path, journal_name);

    return access(journal, F_OK) == 0;
}

static int remove_part(const char *from, const char *part, struct mt_error *error)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", from, part);

    return mt_folder_remove(path, error);
}

static int move_part(const char *from, const char *to, const char *part, struct mt_error *error)
{
    MT_AUTO_FREE char *old = mt_text("%s/%s", from, part);
    MT_AUTO_FREE char *new = mt_text("%s/%s", to, part);

    if (access(old, F_OK) < 0) {
        return 0;
    }
    if (remove_part(to, part, error) < 0) {
        return -1;
    }
    return rename(old, new) == 0
               ? 0
               : mt_fail_errno(
                     error,
                     "cannot move the previous results to %s (--results names another folder)",
                     new);
}

/* Nothing can be renamed to a place outside of a mount. */
static char *previous_of(const char *full)
{
    struct statx found;
    bool is_mount = statx(AT_FDCWD, full, 0, 0, &found) == 0 &&
                    (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;

    return mt_text(is_mount ? "%s/previous" : "%s.previous", full);
}

/*
 * Without a journal, the files there are a part of the present results: an earlier run was
 * interrupted while it moved them.
 */
static int remove_older(const char *previous, struct mt_error *error)
{
    if (!has_results(previous)) {
        return 0;
    }
    for (size_t i = PARTS; i > 0; i--) {
        if (remove_part(previous, parts[i - 1], error) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Uses the full path, as ".previous" cannot be appended to ".". */
static int keep_previous(const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *full = realpath(path, NULL);

    if (full == NULL || !has_results(full)) {
        return 0;
    }
    MT_AUTO_FREE char *previous = previous_of(full);
    if (mt_folder_make(previous, error) < 0 || remove_older(previous, error) < 0) {
        return -1;
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (move_part(full, previous, parts[i], error) < 0) {
            return -1;
        }
    }
    return 0;
}

int mt_results_folder_resume(const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *logs = mt_text("%s/logs", path);

    return mt_folder_make(logs, error);
}

int mt_results_folder_prepare(const char *path, struct mt_error *error)
{
    return keep_previous(path, error) < 0 ? -1 : mt_results_folder_resume(path, error);
}

int mt_results_folder_lock(const char *path, bool may_make, int *ret_fd, struct mt_error *error)
{
    *ret_fd = -1;
    if (may_make && mt_folder_make(path, error) < 0) {
        return -1;
    }
    MT_AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return !may_make && errno == ENOENT ? 0 : mt_fail_errno(error, "cannot open %s", path);
    }
    /* On a file system without locks, other runs are not kept out. */
    if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
        mt_fail(error, "another run writes its results to %s; --results names another folder",
                path);
        return 1;
    }
    *ret_fd = mt_take_fd(&fd);
    return 0;
}
