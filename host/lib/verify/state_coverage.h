/* SPDX-License-Identifier: Apache-2.0 */
/* Which sections of the device state a migration was seen to carry. */
#ifndef MT_VERIFY_STATE_COVERAGE_H
#define MT_VERIFY_STATE_COVERAGE_H

#include "lib/pair/pair.h"
#include "lib/state/sections.h"

/* Notes how many were, and which stood as at reset, each of these with its reason. */
void mt_state_coverage_note(const struct mt_pair *pair, const struct mt_sections *sections);

#endif
