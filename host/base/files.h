/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files and folders. */
#ifndef MT_BASE_FILES_H
#define MT_BASE_FILES_H

#include <stddef.h>

#include "base/error.h"

/* Reads a file of at most `limit` bytes; the text ends with a 0 that `ret_size` does not count. */
int mt_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size,
                 struct mt_error *error);

/* The same of what stands at its end, no more than so many bytes. */
int mt_file_read_end(const char *path, size_t most, char **ret_text, size_t *ret_size,
                     struct mt_error *error);

/* Writes a file that appears whole or not at all, behind links; what is no plain file is written
 * to.
 */
int mt_file_write(const char *path, const char *text, size_t size, struct mt_error *error);

/* Whether that can be done, as far as can be known before. */
int mt_file_may_be_written(const char *path, struct mt_error *error);

/* Makes a folder and those above it; one that is there already is fine. */
int mt_folder_make(const char *path, struct mt_error *error);

/* Removes a folder with all that is in it, without following links; one that is not there is fine.
 */
int mt_folder_remove(const char *path, struct mt_error *error);

/*
 * The path of a program that is found by the environment variable PATH; NULL: there is none. The
 * caller frees it.
 */
char *mt_program_find(const char *name);

/* Which file this is and in what state: another file, or the same after a change, has another
 * identity. NULL: there is none. */
char *mt_file_identity(const char *path);

#endif
