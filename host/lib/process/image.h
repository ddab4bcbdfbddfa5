/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process really runs, by the ELF files that it has mapped: the program itself, which is
 * neither the script that started it nor the loader that loaded it, and all that belongs to it.
 */
#ifndef MT_PROCESS_IMAGE_H
#define MT_PROCESS_IMAGE_H

#include <sys/types.h>

#include "base/error.h"

struct mt_image {
    char *path; /* of the program's file, as the kernel names it */
    /*
     * The program's GNU build id in hexadecimal digits; of one that was built without, the file by
     * device, inode, size and time.
     */
    char *build_id;
    /* A hash over the same of all that is mapped: the program, its modules, its libraries. */
    char *digest;
};

/* Needs the right to read the process's memory. */
int mt_image_read(pid_t pid, struct mt_image *ret_image, struct mt_error *error);
void mt_image_clear(struct mt_image *image);

#endif
