/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a message of QMP's, whose integers may be larger than jansson's. */
#ifndef MT_VM_JSON_PARSE_H
#define MT_VM_JSON_PARSE_H

#include <jansson.h>

/* An integer above INT64_MAX becomes a real. NULL: it is not JSON, and `ret_fault` says why. */
json_t *mt_json_parse(const char *text, size_t size, json_error_t *ret_fault);

#endif
