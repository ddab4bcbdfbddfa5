/* SPDX-License-Identifier: Apache-2.0 */
/* The machine type that both QEMUs know. */
#ifndef MT_SURVEY_MACHINES_H
#define MT_SURVEY_MACHINES_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"

/*
 * `requested` is a type or an alias. For an alias, the result is the newest type that both sides
 * know, which is the type that the older side uses for this alias. `source` and `destination` are
 * results of probes; `ret_type` points into them.
 */
int mt_machine_resolve(const json_t *source, const json_t *destination, const char *requested,
                       const char **ret_type, struct mt_error *error);

/* Whether a QEMU knows this type or alias. */
bool mt_machine_is_known(const json_t *abilities, const char *name);

#endif
