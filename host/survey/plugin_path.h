/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a plugin's file by its name. */
#ifndef MT_SURVEY_PLUGIN_PATH_H
#define MT_SURVEY_PLUGIN_PATH_H

#include "base/error.h"
#include "base/text.h"

/*
 * The first NAME.so in the folders, as an absolute path without links; `ret_folder` is the folder
 * in which it was found, `ret_shadowed` gets the others of that name. The error names the folders,
 * and the nearest name in them.
 */
int mt_plugin_find(const struct mt_strings *folders, const char *name, char **ret_path,
                   char **ret_folder, struct mt_strings *ret_shadowed, struct mt_error *error);

#endif
