/* SPDX-License-Identifier: Apache-2.0 */
/* The machine type that both QEMUs know. */
#ifndef MT_SURVEY_MACHINES_H
#define MT_SURVEY_MACHINES_H

#include <jansson.h>

#include "base/error.h"

/*
 * `wanted` is a type or an alias; an alias becomes the newest type of it that both sides know,
 * which is the older side's own. The arguments are what probes found; the result belongs to them.
 */
int mt_machine_resolve(const json_t *source, const json_t *destination, const char *wanted,
                       const char **ret_type, struct mt_error *error);

/* Whether it is a type or an alias there. */
int mt_machine_is_known(const json_t *abilities, const char *wanted);

#endif
