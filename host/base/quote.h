/* SPDX-License-Identifier: Apache-2.0 */
/* Words for a shell. */
#ifndef MT_BASE_QUOTE_H
#define MT_BASE_QUOTE_H

/* The word as a shell reads it back; the caller frees it. */
char *mt_quote(const char *text);

#endif
