/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/restarts.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "lib/vm/vm.h"

/* Whether somebody has reset or woken the VM, here or where the guest was before. */
static bool was_asked(const struct mt_vm *vm)
{
    for (; vm != NULL; vm = vm->guest.came_from) {
        if (vm->guest.resets.asked_for > 0 || vm->guest.resets.woken) {
            return true;
        }
    }
    return false;
}

/*
 * SeaBIOS answers a reset or a wake with a reset of its own, after it has copied its code from the
 * ROM again, or if no program waits to be woken. A reset that the guest's program asked for would
 * let the guest start once more than it was reset.
 */
static void look_at_reset(struct mt_vm *vm, const struct mt_event_entry *entry)
{
    const char *reason = mt_event_string(entry, "reason");

    if (!json_is_true(json_object_get(json_object_get(entry->object, "data"), "guest"))) {
        vm->guest.resets.asked_for++;
    } else if (!was_asked(vm)) {
        vm->guest.resets.by_guest = reason != NULL ? reason : "unknown";
    }
}

static void look_at_events(struct mt_vm *vm)
{
    for (; vm->guest.resets.events < vm->monitor.qmp.events.count; vm->guest.resets.events++) {
        const struct mt_event_entry *entry =
            &vm->monitor.qmp.events.entries[vm->guest.resets.events];
        if (strcmp(entry->name, "RESET") == 0) {
            look_at_reset(vm, entry);
        } else if (strcmp(entry->name, "WAKEUP") == 0) {
            vm->guest.resets.woken = true;
        }
    }
}

/* A reset of the source may show on the destination, if the guest has come there meanwhile. */
static bool is_accounted_for(const struct mt_vm *vm)
{
    uint64_t starts = 0;
    uint64_t resets = 0;

    for (; vm != NULL; vm = vm->guest.came_from) {
        starts +=
            vm->guest.serial.heard[MT_GUEST_STARTED] + vm->guest.serial.heard[MT_GUEST_REBOOTED];
        resets += vm->guest.resets.asked_for;
    }
    return starts <= resets + 1;
}

/* QEMU sends RESET before the guest runs again, but the serial line may have been read first. */
static int read_events(struct mt_vm *vm, struct mt_error *error)
{
    for (; vm != NULL; vm = vm->guest.came_from) {
        if (vm->monitor.qmp.fd >= 0 && !vm->monitor.qmp.closed &&
            mt_qmp_receive(&vm->monitor.qmp, error) < 0) {
            return mt_wrap(error, "the %s", vm->side);
        }
    }
    return 0;
}

/* Begins with the VM where the guest came from. */
static void look_at_all_events(struct mt_vm *vm)
{
    if (vm->guest.came_from != NULL) {
        look_at_all_events(vm->guest.came_from);
    }
    look_at_events(vm);
}

int mt_vm_check_restarts(struct mt_vm *vm, struct mt_error *error)
{
    look_at_all_events(vm);
    bool accounted_for = is_accounted_for(vm);
    if (!accounted_for) {
        if (read_events(vm, error) < 0) {
            return -1;
        }
        look_at_all_events(vm);
        accounted_for = is_accounted_for(vm);
    }
    if (vm->guest.resets.by_guest != NULL) {
        return mt_fail(error, "the guest on the %s rebooted by itself: QEMU says RESET, reason %s",
                       vm->side, vm->guest.resets.by_guest);
    }
    return accounted_for ? 0
                         : mt_fail(error,
                                   "the guest on the %s rebooted by itself: it started again, and "
                                   "QEMU says no RESET",
                                   vm->side);
}
