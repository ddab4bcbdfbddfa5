/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only place where the library waits. It waits for anything that one or two QEMUs may do, with
 * one deadline. Everything that arrives meanwhile is kept, whichever side it came from.
 */
#ifndef MT_VM_WAIT_H
#define MT_VM_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct mt_vm;

/* Returns 1: the wait is over; 0: not yet; -1: the wait can never succeed, and the error says why.
 */
typedef int (*mt_condition)(void *context, struct mt_error *error);

struct mt_wait {
    struct mt_vm *vms[2]; /* either may be NULL, but not both */
    const char *side;     /* for messages: "source", "destination", "both" */
    const char *what;     /* for messages: "event STOP" */
    int64_t timeout_ms;   /* the limit on the reference machine; the VM's patience multiplies it */
    int64_t until_ms;     /* one more deadline, by mt_now_ms(); 0: none */
    mt_condition condition;
    void *context;
    bool end_is_fine; /* the end of a QEMU is no fault, as the wait may be for that end */
    /* Calls the condition again after that time though nothing has arrived, where QEMU has no event
     * for it. 0: never. */
    int64_t look_again_ms;
};

/* The limit multiplied by the VM's patience. */
int64_t mt_wait_limit(const struct mt_vm *vm, int64_t timeout_ms);

/*
 * Waits until the condition returns 1. Fails when the deadline has passed, a QEMU has ended, or a
 * guest has complained. The error says what the wait was for, and how long it was.
 */
int mt_wait_for(const struct mt_wait *wait, struct mt_error *error);

#endif
