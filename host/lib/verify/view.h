/* SPDX-License-Identifier: Apache-2.0 */
/* What a QEMU shows of itself, made comparable over versions: lines of text and leaves of JSON. */
#ifndef MT_VERIFY_VIEW_H
#define MT_VERIFY_VIEW_H

#include <jansson.h>
#include <stdbool.h>

/*
 * The first line that only one of two texts has, as "source ..., destination ..."; NULL: they say
 * the same. Order does not count, as it is that of QEMU's own lists; the caller frees it.
 */
char *mt_view_compare_text(const char *source, const char *destination);

/*
 * The first value in which two objects differ, as "PATH: source ..., destination ..."; NULL: none.
 * `ignored` names members that need not be alike, NULL-terminated.
 */
char *mt_view_compare_json(const json_t *source, const json_t *destination,
                           const char *const *ignored);

#endif
