/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracle `cpuid`: the migration did not change what the guest sees by CPUID. CPUID is not
 * migrated. It depends on the QEMU and its CPU model, so the guest may see other values on another
 * version of QEMU. The user should know that, but it is not a fault of the migration. To tell the
 * two apart, a control is started: a QEMU that runs the guest without a migration.
 */
#ifndef MT_VERIFY_CPUID_H
#define MT_VERIFY_CPUID_H

#include "base/error.h"
#include "lib/pair/pair.h"

/* Judges the differences that the guests have reported when they compared: a difference that a
 * control shows as well is noted, any other fails. */
int mt_cpuid_compare(struct mt_pair *pair, struct mt_error *error);

/* Notes all differences when the guest fails for another reason, as they may be the cause. */
void mt_cpuid_note(const struct mt_pair *pair);

#endif
