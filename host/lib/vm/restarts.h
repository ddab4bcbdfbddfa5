/* SPDX-License-Identifier: Apache-2.0 */
/* Guests that start again: because of a reset that somebody asked for, or by themselves. */
#ifndef MT_VM_RESTARTS_H
#define MT_VM_RESTARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mt_vm;

/* What QEMU has said of resets. */
struct mt_resets {
    size_t events; /* number of events that were looked at */
    uint64_t asked_for;
    bool woken;
    const char *by_guest; /* the reason of a reset that only the guest asked for; NULL: none */
};

/* Fails if the guest has rebooted by itself. */
int mt_vm_check_restarts(struct mt_vm *vm, struct mt_error *error);

#endif
