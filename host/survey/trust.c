/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/quote.h"
#include "base/text.h"

static const char how_to_accept[] = "--allow-insecure-plugins takes it as it is";

static char *user_name(uid_t uid)
{
    const struct passwd *user = getpwuid(uid);

    return user != NULL ? mt_text_copy(user->pw_name) : mt_text("%ju", (uintmax_t)uid);
}

static int check_owner(const char *path, const struct stat *status, uid_t owner,
                       struct mt_error *error)
{
    if (status->st_uid == 0 || status->st_uid == geteuid() || status->st_uid == owner) {
        return 0;
    }
    MT_AUTO_FREE char *name = user_name(status->st_uid);
    MT_AUTO_FREE char *caller = user_name(geteuid());
    MT_AUTO_FREE char *quoted = mt_quote(path);
    return mt_fail(error,
                   "%s belongs to %s; expected root%s%s or who owns the migtest program, since "
                   "code is loaded from there: chown %s %s, or %s",
                   path, name, geteuid() != 0 ? ", " : "", geteuid() != 0 ? caller : "", caller,
                   quoted, how_to_accept);
}

/* Whether a group has the name or the number of its user, and no other member. */
static bool is_own_group(uid_t uid, gid_t gid)
{
    const struct passwd *user = getpwuid(uid);

    if (user == NULL || user->pw_gid != gid) {
        return false;
    }
    MT_AUTO_FREE char *name = mt_text_copy(user->pw_name);
    const struct group *group = getgrgid(gid);
    if (group == NULL || (gid != uid && strcmp(group->gr_name, name) != 0)) {
        return false;
    }
    for (char *const *member = group->gr_mem; *member != NULL; member++) {
        if (strcmp(*member, name) != 0) {
            return false;
        }
    }
    return true;
}

static int check_writers(const char *path, const struct stat *status, struct mt_error *error)
{
    bool sticky = S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX) != 0;
    MT_AUTO_FREE char *quoted = mt_quote(path);

    if (sticky) {
        return 0;
    }
    if ((status->st_mode & S_IWOTH) != 0) {
        return mt_fail(error,
                       "everybody may write to %s, and code is loaded from there: chmod o-w %s, "
                       "or %s",
                       path, quoted, how_to_accept);
    }
    if ((status->st_mode & S_IWGRP) != 0 && !is_own_group(status->st_uid, status->st_gid)) {
        return mt_fail(error,
                       "its group may write to %s, and code is loaded from there: chmod g-w %s, "
                       "or %s",
                       path, quoted, how_to_accept);
    }
    return 0;
}

static int check_entry(const char *path, int fd, uid_t owner, struct mt_error *error)
{
    struct stat status;

    if (fstat(fd, &status) < 0) {
        return mt_fail_errno(error, "cannot look at %s", path);
    }
    return check_owner(path, &status, owner, error) < 0 ? -1 : check_writers(path, &status, error);
}

/*
 * Goes from the root down. Each step opens an entry by the descriptor of the folder before, so that
 * nobody can exchange a folder after it was checked.
 */
int mt_trust_check(const char *path, uid_t owner, struct mt_error *error)
{
    MT_AUTO_FREE char *path_so_far = mt_text_copy(path);
    MT_AUTO_FD int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    char *slash = path_so_far;

    if (fd < 0 || check_entry("/", fd, owner, error) < 0) {
        return -1;
    }
    while (slash != NULL) {
        char *name = slash + 1;
        slash = strchr(name, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        int next = openat(fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0) {
            return mt_fail_errno(error, "cannot look at %s", path_so_far);
        }
        close(fd);
        fd = next;
        if (check_entry(path_so_far, fd, owner, error) < 0) {
            return -1;
        }
        if (slash != NULL) {
            *slash = '/';
        }
    }
    return 0;
}
