/* SPDX-License-Identifier: Apache-2.0 */
/* Parses a QMP message. Its integers may be larger than jansson can represent. */
#ifndef MT_MONITOR_JSON_PARSE_H
#define MT_MONITOR_JSON_PARSE_H

#include <jansson.h>

/*
 * Where an integer of the message does not fit into a signed 64-bit integer, all integers of the
 * message beyond 2^53 become reals, and all smaller reals without a fraction become integers. NULL:
 * the text is not JSON, and `ret_fault` says why.
 */
json_t *mt_json_parse(const char *text, size_t size, json_error_t *ret_fault);

#endif
