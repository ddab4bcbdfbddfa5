/* SPDX-License-Identifier: Apache-2.0 */
/* Which sections of the device state show that the migration has transferred them: those that
 * differ from their content at reset. */
#ifndef MT_VERIFY_STATE_COVERAGE_H
#define MT_VERIFY_STATE_COVERAGE_H

#include "lib/pair/pair.h"
#include "lib/state/sections.h"

/* Notes the number of these sections, and lists the others, with the reason where it is known. */
void mt_state_coverage_note(const struct mt_pair *pair, const struct mt_sections *sections);

#endif
