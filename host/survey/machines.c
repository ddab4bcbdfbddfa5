/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/machines.h"
#include "base/json.h"

#include <string.h>

static const char *machine_find(const json_t *abilities, const char *by, const char *requested)
{
    size_t index;
    json_t *machine;

    json_array_foreach (json_object_get(abilities, "machines"), index, machine) {
        if (strcmp(mt_json_text(machine, by), requested) == 0) {
            return mt_json_text(machine, "name");
        }
    }
    return NULL;
}

bool mt_machine_is_known(const json_t *abilities, const char *requested)
{
    return machine_find(abilities, "name", requested) != NULL ||
           machine_find(abilities, "alias", requested) != NULL;
}

static const char *own_type(const json_t *abilities, const char *requested)
{
    const char *by_alias = machine_find(abilities, "alias", requested);

    return by_alias != NULL ? by_alias : machine_find(abilities, "name", requested);
}

int mt_machine_resolve(const json_t *source, const json_t *destination, const char *requested,
                       const char **ret_type, struct mt_error *error)
{
    const char *of_source = own_type(source, requested);
    const char *of_destination = own_type(destination, requested);

    if (of_source == NULL || of_destination == NULL) {
        const json_t *lacking = of_source == NULL ? source : destination;
        return mt_fail(error, "the %s (QEMU %s) has no machine %s",
                       of_source == NULL ? "source" : "destination",
                       mt_json_text(lacking, "version"), requested);
    }
    if (machine_find(destination, "name", of_source) != NULL) {
        *ret_type = of_source;
        return 0;
    }
    if (machine_find(source, "name", of_destination) != NULL) {
        *ret_type = of_destination;
        return 0;
    }
    return mt_fail(error,
                   "machine %s is %s on the source and %s on the destination, and neither "
                   "knows the other's",
                   requested, of_source, of_destination);
}
