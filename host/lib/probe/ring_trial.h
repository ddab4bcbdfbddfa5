/* SPDX-License-Identifier: Apache-2.0 */
/* Tries whether KVM's dirty ring reports what the guest writes. */
#ifndef MT_PROBE_RING_TRIAL_H
#define MT_PROBE_RING_TRIAL_H

#include "lib/vm/vm.h"

/*
 * The VM was started with a ring, and its guest writes to its memory. Fails with what the ring does
 * not report.
 */
int mt_try_dirty_ring(struct mt_vm *vm, struct mt_error *error);

#endif
