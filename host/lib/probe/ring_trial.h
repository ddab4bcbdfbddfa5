/* SPDX-License-Identifier: Apache-2.0 */
/* Whether KVM's dirty ring reports what the guest writes. */
#ifndef MT_PROBE_RING_TRIAL_H
#define MT_PROBE_RING_TRIAL_H

#include "lib/vm/vm.h"

/* The VM was started with a ring, and its guest is at work. Fails with what the ring does not do.
 */
int mt_try_dirty_ring(struct mt_vm *vm, struct mt_error *error);

#endif
