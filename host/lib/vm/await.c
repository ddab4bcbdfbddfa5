/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for what a QEMU does by itself: events, and the end of its process. */
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/vm/vm.h"

static const int64_t exit_timeout_ms = 30000;

struct event_wait {
    struct mt_vm *vm;
    const char *event;
    size_t from;
    json_t *object;
};

static int event_taken(void *context, struct mt_error *error)
{
    struct event_wait *wait = context;

    (void)error;
    wait->object = mt_events_take(&wait->vm->monitor.qmp.events, wait->event);
    return wait->object != NULL;
}

static int event_is_there(void *context, struct mt_error *error)
{
    const struct event_wait *wait = context;

    (void)error;
    return mt_events_find(&wait->vm->monitor.qmp.events, wait->event, wait->from, NULL) != NULL;
}

static int wait_event(struct event_wait *context,
                      int (*condition)(void *context, struct mt_error *error), int64_t timeout_ms,
                      struct mt_error *error)
{
    MT_AUTO_FREE char *what = mt_text("event %s", context->event);
    struct mt_wait wait = {
        .vms = {context->vm},
        .side = context->vm->side,
        .what = what,
        .timeout_ms = timeout_ms,
        .condition = condition,
        .context = context,
    };

    return mt_wait_for(&wait, error);
}

int mt_vm_see_event(struct mt_vm *vm, const char *event, size_t from, int64_t timeout_ms,
                    struct mt_error *error)
{
    struct event_wait context = {.vm = vm, .event = event, .from = from};

    return wait_event(&context, event_is_there, timeout_ms, error);
}

int mt_vm_wait_event(struct mt_vm *vm, json_t **ret_event, const char *event, int64_t timeout_ms,
                     struct mt_error *error)
{
    struct event_wait context = {.vm = vm, .event = event};

    if (wait_event(&context, event_taken, timeout_ms, error) < 0) {
        return -1;
    }
    *ret_event = context.object;
    return 0;
}

static int process_has_ended(void *context, struct mt_error *error)
{
    const struct mt_vm *vm = context;

    (void)error;
    return vm->process.ended;
}

int mt_vm_wait_exit(struct mt_vm *vm, int status, struct mt_error *error)
{
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "the end of its process",
        .timeout_ms = exit_timeout_ms,
        .condition = process_has_ended,
        .context = vm,
        .end_is_fine = true,
    };

    vm->expected_to_end = true;
    if (mt_wait_for(&wait, error) < 0) {
        bool hangs = mt_events_find(&vm->monitor.qmp.events, "SHUTDOWN", 0, NULL) != NULL;
        return hangs ? mt_wrap(error, "the %s has said SHUTDOWN and hangs since", vm->side) : -1;
    }
    if (vm->process.unknown || !WIFEXITED(vm->process.status) ||
        WEXITSTATUS(vm->process.status) != status) {
        mt_process_fail_ended(&vm->process, error);
        return mt_wrap(error, "expected an end with exit status %d", status);
    }
    return 0;
}

int mt_vm_tell_quit(struct mt_vm *vm, struct mt_error *error)
{
    uint64_t id;

    if (!mt_process_check(&vm->process) &&
        mt_qmp_send(&vm->monitor.qmp, "quit", NULL, -1, &id, error) < 0) {
        return mt_wrap(error, "on the %s", vm->side);
    }
    return 0;
}

int mt_vm_quit(struct mt_vm *vm, struct mt_error *error)
{
    return mt_vm_tell_quit(vm, error) < 0 ? -1 : mt_vm_wait_exit(vm, 0, error);
}
