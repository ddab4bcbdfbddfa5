/* SPDX-License-Identifier: Apache-2.0 */
/* What `devices: rich` means: a dozen devices that people migrate. */
#ifndef MT_SURVEY_RICH_DEVICES_H
#define MT_SURVEY_RICH_DEVICES_H

#include <jansson.h>

#include "base/text.h"

/*
 * Adds the arguments of those devices that both QEMUs have, by what each was found to be able to
 * do.
 */
void mt_rich_devices_add(struct mt_strings *args, const json_t *source, const json_t *destination);

#endif
