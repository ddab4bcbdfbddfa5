/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

struct unit {
    const char *name;
    int64_t factor;
};

int mt_parse_int(const char *text, int64_t *ret_value)
{
    char *end;

    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0') {
        return -1;
    }
    *ret_value = value;
    return 0;
}

int mt_parse_bool(const char *text, bool *ret_value)
{
    bool is_true = strcmp(text, "true") == 0;

    if (!is_true && strcmp(text, "false") != 0) {
        return -1;
    }
    *ret_value = is_true;
    return 0;
}

/* YAML 1.1 read these words as true and false, and people still write them. */
const char *mt_bool_expected(const struct mt_yaml *node)
{
    static const char *const trues[] = {"yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE", "1"};
    static const char *const falses[] = {"no",  "No",    "NO",    "off", "Off",
                                         "OFF", "False", "FALSE", "0"};
    bool plain = node->kind == MT_YAML_SCALAR && !node->quoted;

    for (size_t i = 0; plain && i < sizeof(trues) / sizeof(trues[0]); i++) {
        if (strcmp(node->text, trues[i]) == 0) {
            return "true or false; did you mean \"true\"?";
        }
        if (strcmp(node->text, falses[i]) == 0) {
            return "true or false; did you mean \"false\"?";
        }
    }
    return node->quoted ? "true or false without quotes" : "true or false";
}

static const struct unit size_units[] = {
    {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}, {NULL, 0},
};
static const struct unit duration_units[] = {
    {"h", 3600 * 1000}, {"m", 60 * 1000}, {"s", 1000}, {"ms", 1}, {NULL, 0},
};

static int parse_with_unit(const char *text, const struct unit *units, int64_t *ret_value)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') {
        return -1;
    }
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0) {
        return -1;
    }
    for (; units->name != NULL; units++) {
        if (strcmp(end, units->name) == 0) {
            return __builtin_mul_overflow(value, units->factor, ret_value) ? -1 : 0;
        }
    }
    return -1;
}

/* In the largest unit in which the value is a whole number. */
static char *with_unit(int64_t value, const struct unit *units)
{
    while (value % units->factor != 0 || (value == 0 && units->factor != 1)) {
        units++;
    }
    return mt_text("%" PRId64 "%s", value / units->factor, units->name);
}

char *mt_size_text(int64_t bytes)
{
    return with_unit(bytes, size_units);
}

char *mt_duration_text(int64_t ms)
{
    return with_unit(ms, duration_units);
}

int mt_parse_size(const char *text, int64_t *ret_bytes)
{
    return parse_with_unit(text, size_units, ret_bytes);
}

int mt_parse_duration(const char *text, int64_t *ret_ms)
{
    /* A number without a unit is in seconds, as for --timeout. */
    static const struct unit bare[] = {{"", 1000}, {NULL, 0}};

    return parse_with_unit(text, duration_units, ret_ms) == 0 ? 0
                                                              : parse_with_unit(text, bare, ret_ms);
}

bool mt_date_is_possible(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    struct tm date = {0};

    for (size_t i = 0; i < sizeof(form); i++) {
        bool fits = form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
        if (!fits) {
            return false;
        }
    }
    if (strptime(text, "%Y-%m-%d", &date) == NULL) {
        return false;
    }
    /* timegm() turns 31 February into a day of March. */
    struct tm real = date;
    return timegm(&real) != -1 && real.tm_mday == date.tm_mday;
}
