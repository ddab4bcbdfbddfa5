/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results that stay true from run to run, in the user's cache folder, for three months. Losing the
 * cache costs only time.
 */
#ifndef MT_SURVEY_CACHE_H
#define MT_SURVEY_CACHE_H

#include <jansson.h>

/* The value under that key; NULL: there is none. The caller owns the result. */
json_t *mt_cache_get(const char *kind, const char *key);
void mt_cache_put(const char *kind, const char *key, json_t *value);

/*
 * Path, size and time of a file, which identify its content without reading it. The caller frees
 * the text.
 */
char *mt_cache_file_identity(const char *path);

#endif
