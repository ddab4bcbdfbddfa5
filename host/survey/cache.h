/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was found out once and stays true, in the user's cache folder, for three months. A lost
 * cache costs time only.
 */
#ifndef MT_SURVEY_CACHE_H
#define MT_SURVEY_CACHE_H

#include <jansson.h>

/* The value kept under that key; NULL: there is none. The caller's. */
json_t *mt_cache_get(const char *kind, const char *key);
void mt_cache_put(const char *kind, const char *key, json_t *value);

/* What identifies a file's content without reading it: path, size and time. The caller frees it. */
char *mt_cache_file_identity(const char *path);

#endif
