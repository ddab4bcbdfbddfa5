/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guest of a VM, as all other code sees it: whether it is there, how far it has come, and what
 * it can be told. guest.c does this for migtest's own guest program, which speaks over the serial
 * line; another guest would be another implementation of these functions.
 */
#ifndef MT_VM_GUEST_H
#define MT_VM_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/guest/serial.h"
#include "lib/vm/restarts.h"

#include <migtest/vm.h>

struct mt_vm;

/* What only guest.c and restarts.c look into. */
struct mt_guest {
    struct mt_serial serial;
    unsigned questions;      /* number of questions that the guest was asked */
    struct mt_vm *came_from; /* where the guest may have come from; NULL: it started here */
    struct mt_resets resets;
};

/* The line `fd` is taken over. What passes over it is recorded in that folder; NULL: nowhere. */
void mt_vm_guest_init(struct mt_guest *guest, int fd);
void mt_vm_guest_record(struct mt_guest *guest, const char *folder, const char *name);
void mt_vm_guest_clear(struct mt_guest *guest);

/* What a wait polls; -1: the guest says nothing any more. */
int mt_vm_guest_fd(const struct mt_vm *vm);

/* Reads what the guest has said. Returns whether there was anything. */
bool mt_vm_guest_receive(struct mt_vm *vm);

/* QEMU has ended, and so has its guest. */
void mt_vm_guest_end(struct mt_vm *vm);

/* Fails when the guest has complained, or rebooted by itself. */
int mt_vm_guest_check_complaint(struct mt_vm *vm, struct mt_error *error);

/* Before a migration: the guest of that VM, which must live as long, may come to this VM. */
void mt_vm_guest_may_come(struct mt_vm *vm, struct mt_vm *from);

/* The number of passes that the guest was heard to make on this VM. */
uint64_t mt_vm_guest_passes(const struct mt_vm *vm);

/* Waits until the guest has made this number of passes more than at the moment of the call. */
int mt_vm_guest_wait_passes(struct mt_vm *vm, unsigned passes, const char *what,
                            struct mt_error *error);

/*
 * Lets the guest check its memory and its registers, or the registers alone, which is quick. A
 * difference of CPUID from the guest's start is no failure yet: mt_vm_guest_cpuid has it.
 */
int mt_vm_guest_check(struct mt_vm *vm, struct mt_error *error);
int mt_vm_guest_compare_registers(struct mt_vm *vm, struct mt_error *error);

/* Lets the guest note again the registers that it compares. */
int mt_vm_guest_note(struct mt_vm *vm, struct mt_error *error);

/* Lets the guest tell CPUID as it was at its start. */
int mt_vm_guest_identify(struct mt_vm *vm, struct mt_error *error);

/* What the guest has told of CPUID; the VM owns it. */
struct mt_cpuid *mt_vm_guest_cpuid(struct mt_vm *vm);

/*
 * Sees the guest make two passes, as the first may have begun before, and calls one of the
 * functions above after one pass or two.
 */
int mt_vm_guest_see_run(struct mt_vm *vm, int (*look)(struct mt_vm *, struct mt_error *),
                        struct mt_error *error);

/* Lets the guest beat from now on, as contract.h has it, and the beats so far. */
int mt_vm_guest_beat(struct mt_vm *vm, struct mt_error *error);
struct mt_beats *mt_vm_guest_beats(struct mt_vm *vm);

/* What the guest dirties from now on; `dirtying` has all members that this library knows. */
int mt_vm_guest_set_dirtying(struct mt_vm *vm, const struct mt_dirtying *dirtying,
                             struct mt_error *error);

int mt_vm_guest_suspend(struct mt_vm *vm, struct mt_error *error);
int mt_vm_guest_wake(struct mt_vm *vm, struct mt_error *error);

#endif
