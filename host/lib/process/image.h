/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which program a process really runs, by the ELF files that the process has mapped. That is the
 * program itself, with its modules and libraries. It is neither a script that started it nor the
 * loader that loaded it.
 */
#ifndef MT_PROCESS_IMAGE_H
#define MT_PROCESS_IMAGE_H

#include <sys/types.h>

#include "base/error.h"

struct mt_image {
    char *path; /* of the program's file, as the kernel names it */
    /*
     * The program's GNU build id in hexadecimal digits. A program without a build id is named by
     * the device, inode, size and time of its file.
     */
    char *build_id;
    /* A hash over the build ids of all that is mapped: the program, its modules, its libraries. */
    char *digest;
};

/* Needs the right to read the memory of the process. The caller clears the image. */
int mt_image_read(pid_t pid, struct mt_image *ret_image, struct mt_error *error);
void mt_image_clear(struct mt_image *image);

#endif
