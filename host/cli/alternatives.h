/* SPDX-License-Identifier: Apache-2.0 */
/* Words among which the user chooses, for messages. */
#ifndef MT_CLI_ALTERNATIVES_H
#define MT_CLI_ALTERNATIVES_H

/* "a, b or c" of a list that ends with NULL; the caller frees it. */
char *mt_alternatives(const char *const *words);

#endif
