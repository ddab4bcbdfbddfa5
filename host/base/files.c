/* SPDX-License-Identifier: Apache-2.0 */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"

int mt_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size,
                 struct mt_error *error)
{
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    MT_AUTO_FREE char *text = NULL;
    size_t size = 0;
    size_t room = 0;

    if (file == NULL) {
        return mt_fail_errno(error, "cannot open %s", path);
    }
    for (;;) {
        if (size + 1 >= room) {
            room = room > 0 ? room * 2 : 4096;
            text = mt_realloc(text, room, 1);
        }
        size_t got = fread(text + size, 1, room - size - 1, file);
        size += got;
        if (got == 0) {
            break;
        }
        if (size > limit) {
            return mt_fail(error, "%s is larger than %zu bytes", path, limit);
        }
    }
    if (ferror(file)) {
        return mt_fail_errno(error, "cannot read %s", path);
    }
    text[size] = '\0';
    *ret_text = mt_take_pointer(text);
    if (ret_size != NULL) {
        *ret_size = size;
    }
    return 0;
}

int mt_file_read_end(const char *path, size_t most, char **ret_text, size_t *ret_size,
                     struct mt_error *error)
{
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    MT_AUTO_FREE char *text = mt_alloc(most + 1, 1);

    if (file == NULL) {
        return mt_fail_errno(error, "cannot open %s", path);
    }
    /* In a shorter file this fails, and the reading begins at the start, as it should. */
    (void)fseek(file, -(long)most, SEEK_END);
    size_t size = fread(text, 1, most, file);
    if (ferror(file)) {
        return mt_fail_errno(error, "cannot read %s", path);
    }
    text[size] = '\0';
    *ret_text = mt_take_pointer(text);
    *ret_size = size;
    return 0;
}

static int file_write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, text, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return -1;
        }
        text += written;
        size -= (size_t)written;
    }
    return 0;
}

/* Pipes and devices (/dev/stdout) cannot be replaced. */
static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static int write_special(const char *path, const char *text, size_t size, struct mt_error *error)
{
    MT_AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || file_write_all(fd, text, size) < 0) {
        return mt_fail_errno(error, "cannot write %s", path);
    }
    return 0;
}

static int make_partial(const char *path, char **ret_partial, struct mt_error *error)
{
    char *partial = mt_text("%s.XXXXXX", path);
    int fd = mkostemp(partial, O_CLOEXEC);

    if (fd < 0) {
        mt_fail_errno(error, "cannot make a file in the folder of %s", path);
        free(partial);
        return -1;
    }
    *ret_partial = partial;
    return fd;
}

/* The path of the file that a link points to, if there is one. The caller frees it. */
static char *follow_links(const char *path)
{
    char *target = realpath(path, NULL);

    return target != NULL ? target : mt_text_copy(path);
}

int mt_file_write(const char *path, const char *text, size_t size, struct mt_error *error)
{
    if (is_special(path)) {
        return write_special(path, text, size, error);
    }
    MT_AUTO_FREE char *target = follow_links(path);
    MT_AUTO_FREE char *partial = NULL;
    MT_AUTO_FD int fd = make_partial(target, &partial, error);

    if (fd < 0) {
        return -1;
    }
    /* mkostemp gives mode 0600, but other users, such as Jenkins, read the results. */
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(fd, 0666 & ~mask) < 0 || file_write_all(fd, text, size) < 0 ||
        close(mt_take_fd(&fd)) < 0 || rename(partial, target) < 0) {
        mt_fail_errno(error, "cannot write %s", path);
        unlink(partial);
        return -1;
    }
    return 0;
}

int mt_file_may_be_written(const char *path, struct mt_error *error)
{
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return mt_fail(error, "cannot write %s: it is a folder", path);
    }
    if (is_special(path)) {
        return access(path, W_OK) == 0 ? 0 : mt_fail_errno(error, "cannot write %s", path);
    }
    MT_AUTO_FREE char *target = follow_links(path);
    MT_AUTO_FREE char *partial = NULL;
    MT_AUTO_FD int fd = make_partial(target, &partial, error);
    if (fd < 0) {
        return -1;
    }
    unlink(partial);
    return 0;
}

int mt_folder_make(const char *path, struct mt_error *error)
{
    MT_AUTO_FREE char *partial = mt_text_copy(path);

    for (char *slash = strchr(partial + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(partial, 0777) < 0 && errno != EEXIST) {
            return mt_fail_errno(error, "cannot make the folder %s", partial);
        }
        *slash = '/';
    }
    if (mkdir(partial, 0777) < 0 && errno != EEXIST) {
        return mt_fail_errno(error, "cannot make the folder %s", partial);
    }
    struct stat status;
    if (stat(path, &status) < 0 || !S_ISDIR(status.st_mode)) {
        return mt_fail(error, "%s is not a folder", path);
    }
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

int mt_folder_remove(const char *path, struct mt_error *error)
{
    const int open_at_once = 16;

    if (nftw(path, remove_entry, open_at_once, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) < 0 &&
        errno != ENOENT) {
        return mt_fail_errno(error, "cannot remove %s", path);
    }
    return 0;
}

static bool is_program_file(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

char *mt_program_find(const char *name)
{
    const char *path = getenv("PATH");
    MT_AUTO_FREE char *folders = mt_text_copy(path != NULL ? path : "/usr/bin:/bin");
    char *rest = NULL;

    for (char *folder = strtok_r(folders, ":", &rest); folder != NULL;
         folder = strtok_r(NULL, ":", &rest)) {
        char *program = mt_text("%s/%s", folder, name);
        if (is_program_file(program)) {
            return program;
        }
        free(program);
    }
    return NULL;
}

char *mt_file_identity(const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0) {
        return NULL;
    }
    return mt_text("%ju:%ju:%jd:%jd.%09ld", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino,
                   (intmax_t)status.st_size, (intmax_t)status.st_mtim.tv_sec,
                   status.st_mtim.tv_nsec);
}
