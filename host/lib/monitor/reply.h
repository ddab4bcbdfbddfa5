/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a value out of JSON by a dotted path. */
#ifndef MT_MONITOR_REPLY_H
#define MT_MONITOR_REPLY_H

#include <jansson.h>

/* "ram.remaining", "0.limit-rate"; "" is the value itself. NULL: there is nothing at that path. */
json_t *mt_json_at(const json_t *value, const char *path);

#endif
