/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the word that was probably meant. */
#ifndef MT_BASE_SUGGEST_H
#define MT_BASE_SUGGEST_H

/* The nearest of a NULL-terminated list, by the number of typing mistakes; NULL: none is near. */
const char *mt_suggest(const char *word, const char *const *candidates);

/* "; did you mean "X"?", or "". The caller frees it. */
char *mt_suggestion(const char *word, const char *const *candidates);

#endif
