/* SPDX-License-Identifier: Apache-2.0 */
/* The devices of `devices: rich`: a dozen devices that people migrate. */
#ifndef MT_SURVEY_RICH_DEVICES_H
#define MT_SURVEY_RICH_DEVICES_H

#include <jansson.h>

#include "base/text.h"

/*
 * Adds the command-line arguments of the devices that both QEMUs have. `source` and `destination`
 * are the abilities that the probes found.
 */
void mt_rich_devices_add(struct mt_strings *args, const json_t *source, const json_t *destination);

#endif
