/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/monitor/reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static json_t *step(const json_t *value, const char *name)
{
    if (json_is_array(value)) {
        char *end;
        unsigned long index = strtoul(name, &end, 10);
        return *end == '\0' && end != name ? json_array_get(value, index) : NULL;
    }
    return json_object_get(value, name);
}

json_t *mt_json_at(const json_t *value, const char *path)
{
    MT_AUTO_FREE char *names = mt_text_copy(path);
    const json_t *found = value;
    char *rest = NULL;

    for (char *name = strtok_r(names, ".", &rest); name != NULL && found != NULL;
         name = strtok_r(NULL, ".", &rest)) {
        found = step(found, name);
    }
    return (json_t *)(uintptr_t)found;
}
