/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clean-up by scope: a variable that is declared with one of these attributes releases what it
 * holds when it goes out of scope.
 */
#ifndef MT_BASE_CLEANUP_H
#define MT_BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MT_AUTO_FREE __attribute__((cleanup(mt_cleanup_free)))
#define MT_AUTO_FD __attribute__((cleanup(mt_cleanup_fd)))
#define MT_AUTO_FILE __attribute__((cleanup(mt_cleanup_file)))
#define MT_AUTO_DIR __attribute__((cleanup(mt_cleanup_dir)))

static inline void mt_cleanup_free(void *pointer)
{
    free(*(void **)pointer);
}

static inline void mt_cleanup_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
}

static inline void mt_cleanup_file(FILE **file)
{
    if (*file != NULL) {
        fclose(*file);
    }
}

static inline void mt_cleanup_dir(DIR **dir)
{
    if (*dir != NULL) {
        closedir(*dir);
    }
}

/* Moves a pointer or a descriptor out of a variable, to an owner that lives longer. */
#define mt_take_pointer(variable)                                                                  \
    ({                                                                                             \
        __typeof__(variable) mt_moved = (variable);                                                \
        (variable) = NULL;                                                                         \
        mt_moved;                                                                                  \
    })

static inline int mt_take_fd(int *fd)
{
    int moved = *fd;
    *fd = -1;
    return moved;
}

#endif
