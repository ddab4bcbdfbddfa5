/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a message of QMP's, whose integers may be larger than jansson's. */
#ifndef MT_MONITOR_JSON_PARSE_H
#define MT_MONITOR_JSON_PARSE_H

#include <jansson.h>

/*
 * Where one of its integers does not fit into 64 bits with a sign, all beyond 2^53 are reals, and
 * reals without a fraction are integers. NULL: it is not JSON, and `ret_fault` says why.
 */
json_t *mt_json_parse(const char *text, size_t size, json_error_t *ret_fault);

#endif
