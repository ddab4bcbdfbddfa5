/* SPDX-License-Identifier: Apache-2.0 */
/* The conversation with the guest program, as host/guest/contract.h describes it. */
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/contract.h"
#include "lib/vm/events.h"
#include "lib/vm/vm.h"

struct guest_wait {
    struct mt_vm *vm;
    unsigned char byte;
    uint64_t until;
    uint64_t refusals; /* heard before; more mean that it cannot do what it was asked for */
};

/* A migration may have switched over, for instance, though it was not meant to yet. */
static bool has_stopped(const struct mt_events *events)
{
    for (size_t i = events->count; i > 0; i--) {
        const char *name = events->entries[i - 1].name;
        if (strcmp(name, "STOP") == 0 || strcmp(name, "RESUME") == 0) {
            return strcmp(name, "STOP") == 0;
        }
    }
    return false;
}

static int has_heard(void *context, struct mt_error *error)
{
    struct guest_wait *wait = context;
    bool stopped = has_stopped(&wait->vm->qmp.events);

    /* What it said before may not have been read yet. */
    if (stopped) {
        mt_serial_receive(&wait->vm->serial);
    }
    if (mt_serial_complaint(&wait->vm->serial, error) < 0) {
        return -1;
    }
    if (wait->vm->serial.heard[MT_GUEST_UNKNOWN] > wait->refusals) {
        return mt_fail(error, "the guest on the %s cannot do that on this machine", wait->vm->side);
    }
    if (wait->vm->serial.heard[wait->byte] >= wait->until) {
        return 1;
    }
    return stopped ? mt_fail(error, "the %s is stopped", wait->vm->side) : 0;
}

static int wait_heard(struct mt_vm *vm, unsigned char byte, uint64_t until, const char *what,
                      struct mt_error *error)
{
    struct guest_wait context = {
        .vm = vm,
        .byte = byte,
        .until = until,
        .refusals = vm->serial.heard[MT_GUEST_UNKNOWN],
    };
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = what,
        .timeout_ms = MT_STEP_TIMEOUT_MS,
        .condition = has_heard,
        .context = &context,
    };

    return mt_wait_for(&wait, error);
}

int mt_vm_wait_guest(struct mt_vm *vm, unsigned char byte, unsigned times, const char *what,
                     struct mt_error *error)
{
    mt_serial_receive(&vm->serial);
    return wait_heard(vm, byte, vm->serial.heard[byte] + times, what, error);
}

/*
 * The guest takes one command a pass, and what it is asked next waits for all of these: so none is
 * sent too many. A QEMU that cannot be told is one for the wait that follows to tell of.
 */
bool mt_vm_hurry_guest(struct mt_vm *vm, unsigned passes)
{
    if (vm->guest_never_rests || strcmp(vm->accel_in_use, "kvm") == 0 ||
        has_stopped(&vm->qmp.events)) {
        return true;
    }
    mt_serial_receive(&vm->serial);
    uint64_t made = vm->serial.heard[MT_GUEST_PASS];
    if (vm->hurried >= made + passes) {
        return false;
    }
    if (vm->hurried < made) {
        vm->hurried = made;
    }
    for (; vm->hurried < made + passes; vm->hurried++) {
        mt_serial_send(&vm->serial, (const char[]){MT_GUEST_HURRY, 0}, NULL);
    }
    return true;
}

static int has_taken(void *context, struct mt_error *error)
{
    const struct mt_vm *vm = context;

    (void)error;
    return vm->serial.taken_us != MT_SERIAL_UNDER_WAY || has_stopped(&vm->qmp.events);
}

int mt_vm_wait_taken(struct mt_vm *vm, struct mt_error *error)
{
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "QEMU to take what the guest was told",
        .timeout_ms = MT_STEP_TIMEOUT_MS,
        .condition = has_taken,
        .context = vm,
        .look_again_ms = 1,
    };

    return mt_wait_for(&wait, error);
}

int mt_vm_wait_passes(struct mt_vm *vm, unsigned passes, const char *what, struct mt_error *error)
{
    mt_vm_hurry_guest(vm, passes);
    if (mt_vm_wait_guest(vm, MT_GUEST_PASS, passes, what, error) < 0) {
        return -1;
    }
    return mt_vm_wait_taken(vm, error);
}

static int ask(struct mt_vm *vm, const char *command, unsigned char answer, const char *what,
               struct mt_error *error)
{
    mt_serial_receive(&vm->serial);
    uint64_t before = vm->serial.heard[answer];

    if (mt_serial_send(&vm->serial, command, error) < 0) {
        return mt_wrap(error, "on the %s", vm->side);
    }
    return wait_heard(vm, answer, before + 1, what, error);
}

int mt_vm_check_guest(struct mt_vm *vm, struct mt_error *error)
{
    return ask(vm, (const char[]){MT_GUEST_CHECK, 0}, MT_GUEST_CHECKED,
               "the guest's check of its memory", error);
}

int mt_vm_compare_registers(struct mt_vm *vm, struct mt_error *error)
{
    return ask(vm, (const char[]){MT_GUEST_COMPARE, 0}, MT_GUEST_SAME,
               "the guest's look at its registers", error);
}

/* Asked after the first pass, it answers before the second or after it: no third is waited for. */
int mt_vm_see_guest_run(struct mt_vm *vm, int (*look)(struct mt_vm *, struct mt_error *),
                        struct mt_error *error)
{
    const char *what = "the guest's passes after the migration";

    mt_serial_receive(&vm->serial);
    uint64_t before = vm->serial.heard[MT_GUEST_PASS];

    mt_vm_hurry_guest(vm, 1);
    if (wait_heard(vm, MT_GUEST_PASS, before + 1, what, error) < 0 || look(vm, error) < 0) {
        return -1;
    }
    return wait_heard(vm, MT_GUEST_PASS, before + 2, what, error);
}

int mt_vm_beat_guest(struct mt_vm *vm, struct mt_error *error)
{
    vm->guest_never_rests = true;
    return ask(vm, (const char[]){MT_GUEST_LIVE, 0}, MT_GUEST_BEAT, "the guest's first beat",
               error);
}

/* A pass that takes longer would let every wait for one run out. */
enum { LONGEST_PASS_S = 5 };

static int check_dirtying(unsigned per_second, unsigned stride, unsigned working_set,
                          struct mt_error *error)
{
    unsigned pages = (working_set + stride - 1) / stride;

    if (working_set > MT_GUEST_PAGES) {
        return mt_fail(error, "a working set of %u pages: the guest has %u", working_set,
                       MT_GUEST_PAGES);
    }
    if (per_second > MT_GUEST_MOST_PER_SECOND) {
        return mt_fail(error, "%u pages a second: the guest keeps a pace of %u at most", per_second,
                       MT_GUEST_MOST_PER_SECOND);
    }
    if (per_second > 0 && pages / per_second >= LONGEST_PASS_S) {
        return mt_fail(error,
                       "a pass over %u pages would take %u s at %u pages a second, %d s at most",
                       pages, pages / per_second, per_second, LONGEST_PASS_S);
    }
    return 0;
}

int mt_vm_set_dirtying(struct mt_vm *vm, const struct mt_dirtying *dirtying, struct mt_error *error)
{
    unsigned stride = dirtying->stride > 0 ? dirtying->stride : 1;
    unsigned working_set = dirtying->working_set > 0 ? dirtying->working_set : MT_GUEST_PAGES;

    if (check_dirtying(dirtying->pages_per_second, stride, working_set, error) < 0) {
        return mt_wrap(error, "setting what the guest dirties");
    }
    MT_AUTO_FREE char *command =
        mt_text("%c%08x%08x%08x", MT_GUEST_DIRTY, dirtying->pages_per_second, stride, working_set);
    vm->guest_never_rests = true;
    return ask(vm, command, MT_GUEST_DIRTIES, "the guest to dirty as it is told", error);
}

int mt_vm_suspend_guest(struct mt_vm *vm, struct mt_error *error)
{
    size_t from = vm->qmp.events.count;

    if (mt_serial_send(&vm->serial, (const char[]){MT_GUEST_SUSPEND, 0}, error) < 0) {
        return mt_wrap(error, "on the %s", vm->side);
    }
    if (mt_vm_see_event(vm, "SUSPEND", from, MT_STEP_TIMEOUT_MS, error) < 0) {
        return -1;
    }
    return mt_vm_expect_status(vm, "suspended", error);
}

int mt_vm_wake_guest(struct mt_vm *vm, struct mt_error *error)
{
    uint64_t woken = vm->serial.heard[MT_GUEST_WOKEN];

    vm->guest_never_rests = false;
    if (mt_vm_expect_status(vm, "suspended", error) < 0 ||
        mt_vm_qmp(vm, NULL, error, "system_wakeup", NULL) < 0 ||
        wait_heard(vm, MT_GUEST_WOKEN, woken + 1, "the guest to wake", error) < 0) {
        return -1;
    }
    return mt_vm_wait_guest(vm, MT_GUEST_PASS, 1, "the guest's first pass after it woke", error);
}
