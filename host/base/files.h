/* SPDX-License-Identifier: Apache-2.0 */
/* Reads, writes and removes whole files and folders. */
#ifndef MT_BASE_FILES_H
#define MT_BASE_FILES_H

#include <stddef.h>

#include "base/error.h"

/*
 * Reads a file of at most `limit` bytes. The text ends with a 0 that `ret_size` (may be NULL) does
 * not count. The caller frees the text.
 */
int mt_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size,
                 struct mt_error *error);

/* The same for at most the last `most` bytes of a file of any size. */
int mt_file_read_end(const char *path, size_t most, char **ret_text, size_t *ret_size,
                     struct mt_error *error);

/*
 * Replaces a file atomically; a link keeps pointing to the file. A pipe or a device is written to
 * directly.
 */
int mt_file_write(const char *path, const char *text, size_t size, struct mt_error *error);

/* Fails where mt_file_write would fail, as far as that can be known before. */
int mt_file_may_be_written(const char *path, struct mt_error *error);

/* Makes a folder and the folders above it. A folder that exists already is fine. */
int mt_folder_make(const char *path, struct mt_error *error);

/*
 * Removes a folder with all its contents, without following links. A folder that does not exist is
 * fine.
 */
int mt_folder_remove(const char *path, struct mt_error *error);

/*
 * The path of a program that is found by the environment variable PATH; NULL: there is none. The
 * caller frees it.
 */
char *mt_program_find(const char *name);

/*
 * A text that identifies a file and its state. It changes when the file is changed, or replaced by
 * another. NULL: there is no such file. The caller frees it.
 */
char *mt_file_identity(const char *path);

#endif
