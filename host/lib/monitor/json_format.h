/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes JSON as printf makes text. Each conversion gives one whole JSON value, so no argument can
 * change the structure around it.
 */
#ifndef MT_MONITOR_JSON_FORMAT_H
#define MT_MONITOR_JSON_FORMAT_H

#include <jansson.h>
#include <stdarg.h>

#include "base/error.h"

/* The format NULL gives the value NULL. The caller decrefs the value. */
int mt_json_format_va(json_t **ret_value, struct mt_error *error, const char *format,
                      va_list arguments) __attribute__((format(printf, 3, 0)));
int mt_json_format(json_t **ret_value, struct mt_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
