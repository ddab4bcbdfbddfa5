/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one place where the library waits: for anything that one or several QEMUs may do, under one
 * deadline. Everything that arrives meanwhile is kept, whichever side it came from.
 */
#ifndef MT_VM_WAIT_H
#define MT_VM_WAIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mt_vm;

/* 1: what was waited for is there; 0: not yet; -1: it cannot come any more (the error says why). */
typedef int (*mt_condition)(void *context, struct mt_error *error);

struct mt_wait {
    struct mt_vm *vms[2]; /* NULL where there is none */
    const char *side;     /* for messages: "source", "destination", "both" */
    const char *what;     /* "event STOP" */
    int64_t timeout_ms;   /* on the reference machine: the VMs' patience multiplies it */
    int64_t until_ms; /* and in any case at that moment of mt_now_ms(); 0: only by the timeout */
    mt_condition condition;
    void *context;
    /* A QEMU that ends is what was waited for, not a fault. */
    int end_is_fine;
    /* Look again after this many milliseconds even if nothing arrives, where QEMU has no event; 0:
     * never. */
    int64_t look_again_ms;
};

/* The limit as that VM's patience has it. */
int64_t mt_wait_limit(const struct mt_vm *vm, int64_t timeout_ms);

/* Fails, with what was waited for and for how long, when the deadline has passed or a QEMU has
 * ended. */
int mt_wait_for(const struct mt_wait *wait, struct mt_error *error);

#endif
