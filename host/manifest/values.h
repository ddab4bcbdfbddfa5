/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, sizes, times and dates as text, for manifests, options of plugins and command lines. */
#ifndef MT_MANIFEST_VALUES_H
#define MT_MANIFEST_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "manifest/yaml.h"

int mt_parse_int(const char *text, int64_t *ret_value);
int mt_parse_bool(const char *text, bool *ret_value);
int mt_parse_size(const char *text, int64_t *ret_bytes);
int mt_parse_duration(const char *text, int64_t *ret_ms);

/* Whether the text is a day of the calendar, as YYYY-MM-DD. */
bool mt_date_is_possible(const char *text);

/* The text of a value, in the largest unit that loses nothing. The caller frees the text. */
char *mt_size_text(int64_t bytes);
char *mt_duration_text(int64_t ms);

/* What a message says was expected, where the node is neither true nor false. */
const char *mt_bool_expected(const struct mt_yaml *node);

#endif
