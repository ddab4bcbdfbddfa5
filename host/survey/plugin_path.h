/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a plugin's file by its name. */
#ifndef MT_SURVEY_PLUGIN_PATH_H
#define MT_SURVEY_PLUGIN_PATH_H

#include "base/error.h"
#include "base/text.h"

/*
 * Finds the first NAME.so in the folders. `ret_path` is its absolute path without links, and
 * `ret_folder` the folder in which it was found. Further files of that name in later folders are
 * added to `ret_shadowed`. The error names the folders and the most similar name in them.
 */
int mt_plugin_find(const struct mt_strings *folders, const char *name, char **ret_path,
                   char **ret_folder, struct mt_strings *ret_shadowed, struct mt_error *error);

#endif
