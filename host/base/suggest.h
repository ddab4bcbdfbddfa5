/* SPDX-License-Identifier: Apache-2.0 */
/* The word that was probably meant. */
#ifndef MT_BASE_SUGGEST_H
#define MT_BASE_SUGGEST_H

/* Of a NULL-terminated list, the nearest within a few slips of the finger; NULL: none is near. */
const char *mt_suggest(const char *word, const char *const *candidates);

/* "; did you mean X", or "" ; the caller frees it. */
char *mt_suggestion(const char *word, const char *const *candidates);

#endif
