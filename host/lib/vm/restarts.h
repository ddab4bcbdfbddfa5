/* SPDX-License-Identifier: Apache-2.0 */
/* Guests that start again: by a reset that was asked for, or by themselves. */
#ifndef MT_VM_RESTARTS_H
#define MT_VM_RESTARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mt_vm;

/* What QEMU has said of resets. */
struct mt_resets {
    size_t events; /* so many events were looked at */
    uint64_t asked_for;
    bool woken;
    const char *by_guest; /* the reason of one that nobody else asked for; NULL: there was none */
};

/* Fails where the guest has rebooted by itself. */
int mt_vm_check_restarts(struct mt_vm *vm, struct mt_error *error);

#endif
