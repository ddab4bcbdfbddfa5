/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/probe/trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "lib/probe/ring_trial.h"
#include "lib/vm/vm.h"

/* The size that the plugins request. QEMU's documentation has it as an example, too. */
static const unsigned ring_entries = 4096;

/* Enough passes to show an accelerator that starts fast but runs slowly. */
static const unsigned first_passes = 4;

/* How often QEMU's status is asked for while the guest says nothing. */
static const int64_t look_ms = 1000;

/* Firmware resets a machine once or twice. A CPU that the guest cannot use resets without end. */
static const unsigned most_resets = 10;

struct guest_start {
    struct mt_vm *vm;
    uint64_t passes; /* the number of passes to wait for */
    size_t events;   /* the number of events that were looked at */
    unsigned resets;
    int64_t look_at_ms; /* when to ask for QEMU's status, by mt_now_ms() */
};

static bool passes_are_made(const struct guest_start *start)
{
    return mt_vm_guest_passes(start->vm) >= start->passes;
}

static void count_resets(struct guest_start *start)
{
    const struct mt_events *events = &start->vm->monitor.qmp.events;

    for (; start->events < events->count; start->events++) {
        start->resets += strcmp(events->entries[start->events].name, "RESET") == 0;
    }
}

static int is_to_be_looked_at(void *context, struct mt_error *error)
{
    struct guest_start *start = context;

    mt_vm_guest_receive(start->vm);
    if (mt_serial_complaint(&start->vm->guest.serial, error) < 0) {
        return -1;
    }
    count_resets(start);
    return passes_are_made(start) || start->resets >= most_resets ||
           mt_now_ms() >= start->look_at_ms;
}

/* Waits until the guest has made its passes, or until QEMU's status is to be asked for. */
static int wait_for_guest(struct guest_start *start, struct mt_error *error)
{
    struct mt_wait wait = {
        .vms = {start->vm},
        .side = start->vm->side,
        .what = "the guest's first passes",
        .timeout_ms = MT_STEP_TIMEOUT_MS,
        .condition = is_to_be_looked_at,
        .context = start,
        .look_again_ms = look_ms,
    };

    start->look_at_ms = mt_now_ms() + look_ms;
    return mt_wait_for(&wait, error);
}

/* A guest that QEMU does not run makes no pass, however long the wait. */
static int check_running(struct mt_vm *vm, struct mt_error *error)
{
    MT_AUTO_FREE char *status = NULL;

    if (mt_vm_status(vm, &status, error) < 0) {
        return -1;
    }
    return strcmp(status, "running") == 0
               ? 0
               : mt_fail(error,
                         "QEMU has started, but does not run migtest's guest: its status is %s",
                         status);
}

static int fail_silent(const struct guest_start *start, int64_t limit_ms, struct mt_error *error)
{
    uint64_t made = mt_vm_guest_passes(start->vm);

    if (made > 0) {
        return mt_fail(error,
                       "QEMU runs, but migtest's guest made only %" PRIu64 " of %u passes over its "
                       "memory within %" PRId64 " s",
                       made, first_passes, limit_ms / 1000);
    }
    return mt_fail(error, "QEMU runs, but migtest's guest says nothing within %" PRId64 " s",
                   limit_ms / 1000);
}

static int reach_first_passes(struct mt_vm *vm, struct mt_error *error)
{
    int64_t limit_ms = mt_wait_limit(vm, MT_STEP_TIMEOUT_MS);
    int64_t deadline_ms = mt_now_ms() + limit_ms;
    struct guest_start start = {.vm = vm, .passes = first_passes};

    while (!passes_are_made(&start)) {
        if (check_running(vm, error) < 0 || wait_for_guest(&start, error) < 0) {
            return -1;
        }
        if (start.resets >= most_resets && !passes_are_made(&start)) {
            return mt_fail(error,
                           "QEMU runs, but migtest's guest is reset again and again before it says "
                           "a word: it cannot use this CPU, or something else boots");
        }
        if (mt_now_ms() >= deadline_ms && !passes_are_made(&start)) {
            return fail_silent(&start, limit_ms, error);
        }
    }
    return 0;
}

static int boot(struct mt_vm *vm, const char *accel, struct mt_trial *trial, struct mt_error *error)
{
    if (mt_vm_greet(vm, error) < 0) {
        if (!vm->process.ended) {
            return -1;
        }
        mt_error_clear(error);
        mt_process_fail_ended(&vm->process, error);
        return mt_wrap(error, "QEMU does not start with the manifest's machine, cpu and args");
    }
    if (strcmp(vm->accel_in_use, accel) != 0) {
        return mt_fail(error, "asked for %s, it runs with %s", accel, vm->accel_in_use);
    }
    if (check_running(vm, error) < 0) {
        return -1;
    }
    trial->runs = true;
    return reach_first_passes(vm, error);
}

static void try_ring(struct mt_vm *vm, struct mt_trial *trial)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    trial->dirty_ring = mt_try_dirty_ring(vm, &error) == 0;
    if (!trial->dirty_ring) {
        snprintf(trial->ring_fault, sizeof(trial->ring_fault), "%s", mt_error_text(&error));
    }
}

/* The processor time of a process. It tells how fast the machine is, however busy it may be. */
static int64_t cpu_ms(pid_t pid)
{
    clockid_t clock;
    struct timespec used;

    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) < 0) {
        return 0;
    }
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

struct attempt {
    const struct mt_qemu_config *qemu;
    const struct mt_machine_config *machine;
    const char *scratch;
    const struct mt_observer *observer;
    bool with_ring;
};

static int try_once(const struct attempt *attempt, struct mt_trial *ret_trial,
                    struct mt_error *error)
{
    int64_t start_ms = mt_now_ms();
    struct mt_vm *vm = NULL;
    const struct mt_command_line line = {
        .qemu = attempt->qemu,
        .machine = attempt->machine,
        .side = "trial",
        .dirty_ring = attempt->with_ring ? ring_entries : 0,
        .memory_path = attempt->scratch,
    };
    const struct mt_vm_start start = {
        .side = "qemu",
        .scratch = attempt->scratch,
        .observer = attempt->observer,
        .qemu = attempt->qemu,
        .launch = mt_command_line_launch(&line),
    };

    int result = mt_vm_start(&vm, &start, error);
    if (result == 0) {
        result = boot(vm, attempt->machine->accel, ret_trial, error);
    }
    if (result == 0) {
        ret_trial->ms = mt_now_ms() - start_ms;
        ret_trial->cpu_ms = cpu_ms(vm->process.pid);
        if (attempt->with_ring) {
            try_ring(vm, ret_trial);
        }
    }
    mt_vm_destroy(vm);
    return result;
}

int mt_try_accelerator(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                       const char *scratch, const struct mt_observer *observer,
                       struct mt_trial *ret_trial, struct mt_error *error)
{
    struct mt_error with_ring = {0};
    struct mt_machine_config plain = *machine;
    struct attempt attempt = {.qemu = qemu,
                              .machine = &plain,
                              .scratch = scratch,
                              .observer = observer,
                              .with_ring = true};

    *ret_trial = (struct mt_trial){0};
    if (strcmp(plain.memory_backend, "file") == 0) {
        plain.memory_backend = "memfd";
    }
    if (strcmp(plain.accel, "kvm") == 0 && try_once(&attempt, ret_trial, &with_ring) == 0) {
        return 0;
    }
    *ret_trial = (struct mt_trial){0};
    if (with_ring.text != NULL) {
        snprintf(ret_trial->ring_fault, sizeof(ret_trial->ring_fault), "%s", with_ring.text);
    }
    mt_error_clear(&with_ring);
    attempt.with_ring = false;
    return try_once(&attempt, ret_trial, error);
}
