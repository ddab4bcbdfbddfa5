/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a QEMU, as its monitor and its process show it together. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/text.h"
#include "lib/vm/vm.h"

/* How long a QEMU that was sent a signal may take to shut down. */
static const int64_t shutdown_ms = 5000;

/*
 * How long a QEMU that dies may take from the closing of its monitor to its end. It gives back the
 * memory of its guest meanwhile. The VM's patience makes the limit longer for a large guest.
 */
static const int64_t moment_ms = 2000;

static bool ends_in_a_moment(struct mt_vm *vm)
{
    return mt_process_ends_within(&vm->process, (int)mt_wait_limit(vm, moment_ms));
}

static bool says_host_signal(const struct mt_vm *vm)
{
    const struct mt_event_entry *shutdown =
        mt_events_find(&vm->monitor.qmp.events, "SHUTDOWN", 0, NULL);
    const char *reason = shutdown != NULL ? mt_event_string(shutdown, "reason") : NULL;
    return reason != NULL && strcmp(reason, "host-signal") == 0;
}

/*
 * Besides the event SHUTDOWN: a QEMU that has not negotiated yet tells of a signal only in its
 * output, and a QEMU that has just started not at all.
 */
bool mt_vm_was_stopped(struct mt_vm *vm)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};

    if (vm->expected_to_end) {
        return false;
    }
    if (mt_monitor_is_open(&vm->monitor)) {
        mt_qmp_receive(&vm->monitor.qmp, &ignored);
    }
    if (says_host_signal(vm)) {
        return true;
    }
    MT_AUTO_FREE char *words = mt_process_last_words(&vm->process);
    return mt_process_check(&vm->process) &&
           (strstr(words, "terminating on signal") != NULL ||
            (WIFSIGNALED(vm->process.status) && WTERMSIG(vm->process.status) == SIGTERM));
}

/*
 * Of all reasons for SHUTDOWN only a signal is looked at, because QEMU ends after a signal even
 * with -no-shutdown.
 */
int mt_vm_check_shutdown(struct mt_vm *vm, struct mt_error *error)
{
    if (vm->expected_to_end || vm->process.ended || !says_host_signal(vm)) {
        return 0;
    }
    if (vm->signalled_ms == 0) {
        vm->signalled_ms = mt_now_ms();
    }
    int64_t limit_ms = mt_wait_limit(vm, shutdown_ms);
    if (mt_now_ms() - vm->signalled_ms < limit_ms) {
        return 0;
    }
    kill(vm->process.pid, SIGKILL);
    return mt_fail(error,
                   "the %s (%s) was sent a signal to end by, said SHUTDOWN, and did not end within "
                   "%lld ms; it was killed",
                   vm->side, vm->process.command.items[0], (long long)limit_ms);
}

/*
 * A QEMU that ends closes its monitor a moment before its process is gone. Then how the process
 * ended says more than a closed monitor.
 */
int mt_vm_check_monitor(struct mt_vm *vm, struct mt_error *error)
{
    if (!vm->monitor.qmp.closed || ends_in_a_moment(vm)) {
        return 0;
    }
    return mt_fail(error, "the %s (%s) closed its monitor, but its process runs on", vm->side,
                   vm->process.command.items[0]);
}

int mt_vm_fail_unsent(struct mt_vm *vm, struct mt_error *error)
{
    if (ends_in_a_moment(vm)) {
        mt_error_clear(error);
        mt_process_fail_ended(&vm->process, error);
    }
    return mt_wrap(error, "on the %s", vm->side);
}
