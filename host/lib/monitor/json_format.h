/* SPDX-License-Identifier: Apache-2.0 */
/* printf-like JSON: each conversion is one whole value, so that no text can break out of its place.
 */
#ifndef MT_MONITOR_JSON_FORMAT_H
#define MT_MONITOR_JSON_FORMAT_H

#include <jansson.h>
#include <stdarg.h>

#include "base/error.h"

/* NULL as the format gives NULL. The result is the caller's. */
int mt_json_format_va(json_t **ret_value, struct mt_error *error, const char *format,
                      va_list arguments) __attribute__((format(printf, 3, 0)));
int mt_json_format(json_t **ret_value, struct mt_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
