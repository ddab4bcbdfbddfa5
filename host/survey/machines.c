/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/machines.h"
#include "base/json.h"

#include <string.h>

static const char *machine_find(const json_t *abilities, const char *by, const char *wanted)
{
    size_t index;
    json_t *machine;

    json_array_foreach (json_object_get(abilities, "machines"), index, machine) {
        if (strcmp(mt_json_text(machine, by), wanted) == 0) {
            return mt_json_text(machine, "name");
        }
    }
    return NULL;
}

int mt_machine_is_known(const json_t *abilities, const char *wanted)
{
    return machine_find(abilities, "name", wanted) != NULL ||
           machine_find(abilities, "alias", wanted) != NULL;
}

static const char *own_type(const json_t *abilities, const char *wanted)
{
    const char *by_alias = machine_find(abilities, "alias", wanted);

    return by_alias != NULL ? by_alias : machine_find(abilities, "name", wanted);
}

int mt_machine_resolve(const json_t *source, const json_t *destination, const char *wanted,
                       const char **ret_type, struct mt_error *error)
{
    const char *of_source = own_type(source, wanted);
    const char *of_destination = own_type(destination, wanted);

    if (of_source == NULL || of_destination == NULL) {
        const json_t *lacking = of_source == NULL ? source : destination;
        return mt_fail(error, "the %s (QEMU %s) has no machine %s",
                       of_source == NULL ? "source" : "destination",
                       mt_json_text(lacking, "version"), wanted);
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
                   wanted, of_source, of_destination);
}
