/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes words for a shell. */
#ifndef MT_BASE_QUOTE_H
#define MT_BASE_QUOTE_H

/* The text, quoted where a shell needs that. The caller frees it. */
char *mt_quote(const char *text);

#endif
