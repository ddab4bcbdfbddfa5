/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device state of a machine at reset, before it has ever run. A section that has this content
 * after a migration proves nothing: a destination that lost the whole section would look the same.
 */
#ifndef MT_STATE_RESET_H
#define MT_STATE_RESET_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/state/sections.h"

/*
 * Describes the content at reset, by the states of two machines: some bytes differ from one start
 * to another (clocks, addresses of the host). The result is small, whatever the size of the state
 * is. The caller owns it.
 */
json_t *mt_reset_compare(const struct mt_sections *first, const struct mt_sections *second);

/* Whether the section has its content at reset, without the bytes that differ between two starts.
 */
bool mt_reset_matches(const json_t *reset, const struct mt_section *section);

#endif
