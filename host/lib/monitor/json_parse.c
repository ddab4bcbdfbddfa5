/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/monitor/json_parse.h"

#include <math.h>

static json_t *restore_integers(json_t *value);

static void restore_members(json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach (object, key, value) {
        json_object_set_new(object, key, restore_integers(value));
    }
}

static void restore_elements(json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        json_array_set_new(array, i, restore_integers(json_array_get(array, i)));
    }
}

/* Returns a new reference: to the value itself, or to an integer in place of a real. */
static json_t *restore_integers(json_t *value)
{
    const double exact = 9007199254740992; /* 2^53: a double represents each integer up to this */

    if (json_is_object(value)) {
        restore_members(value);
    } else if (json_is_array(value)) {
        restore_elements(value);
    } else if (json_is_real(value)) {
        double real = json_real_value(value);
        if (fabs(real) <= exact && rint(real) == real) {
            return json_integer((json_int_t)real);
        }
    }
    return json_incref(value);
}

json_t *mt_json_parse(const char *text, size_t size, json_error_t *ret_fault)
{
    json_t *value = json_loadb(text, size, 0, ret_fault);

    if (value != NULL || json_error_code(ret_fault) != json_error_numeric_overflow) {
        return value;
    }
    value = json_loadb(text, size, JSON_DECODE_INT_AS_REAL, ret_fault);
    if (value == NULL) {
        return NULL;
    }
    json_t *restored = restore_integers(value);
    json_decref(value);
    return restored;
}
