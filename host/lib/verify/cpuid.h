/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPUID is what a QEMU and a CPU model make of it, and is not migrated: the guest of an older QEMU
 * may see another on the destination. That is for the user to know, and no fault of the migration;
 * a control tells it from one that is: a QEMU that starts the guest without a migration.
 */
#ifndef MT_VERIFY_CPUID_H
#define MT_VERIFY_CPUID_H

#include "base/error.h"
#include "lib/pair/pair.h"

/* Of guests that have compared: what differs on the destination is noted, or fails. */
int mt_cpuid_compare(struct mt_pair *pair, struct mt_error *error);

/* Where the guest fails of something else: notes what differs, which may be why. */
void mt_cpuid_note(const struct mt_pair *pair);

#endif
