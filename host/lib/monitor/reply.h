/* SPDX-License-Identifier: Apache-2.0 */
/* Finds a value in JSON by a dotted path. */
#ifndef MT_MONITOR_REPLY_H
#define MT_MONITOR_REPLY_H

#include <jansson.h>

/*
 * The path is "ram.remaining" or "0.limit-rate", for example; "" is the value itself. The result is
 * borrowed. NULL: there is nothing at that path.
 */
json_t *mt_json_at(const json_t *value, const char *path);

#endif
