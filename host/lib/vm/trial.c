/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/trial.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "lib/vm/ring_trial.h"
#include "lib/vm/vm.h"

/* What the plugins ask for; QEMU's documentation takes it as the example, too. */
static const unsigned ring_entries = 4096;

/* Enough of them that an accelerator which starts fast and runs slowly shows. */
static const unsigned passes = 4;

static int reach_first_passes(struct mt_vm *vm, const char *accel, struct mt_error *error)
{
    if (mt_vm_greet(vm, error) < 0) {
        return -1;
    }
    if (strcmp(vm->accel_in_use, accel) != 0) {
        return mt_fail(error, "asked for %s, it runs with %s", accel, vm->accel_in_use);
    }
    return mt_vm_wait_passes(vm, passes, "the guest's first passes", error);
}

static void try_ring(struct mt_vm *vm, struct mt_trial *trial)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    trial->dirty_ring = mt_try_dirty_ring(vm, &error) == 0;
    if (!trial->dirty_ring) {
        snprintf(trial->ring_fault, sizeof(trial->ring_fault), "%s", mt_error_text(&error));
    }
}

/* What it used of the cores: says how fast the machine is, however crowded it may be. */
static int64_t cpu_ms(pid_t pid)
{
    clockid_t clock;
    struct timespec used;

    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) < 0) {
        return 0;
    }
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static int try_once(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                    const char *scratch, bool with_ring, struct mt_trial *ret_trial,
                    struct mt_error *error)
{
    int64_t start_ms = mt_now_ms();
    struct mt_vm *vm = NULL;
    struct mt_vm_start start = {
        .side = "qemu",
        .scratch = scratch,
        .line = {.qemu = qemu,
                 .machine = machine,
                 .side = "trial",
                 .dirty_ring = with_ring ? ring_entries : 0,
                 .memory_path = scratch},
    };

    int result = mt_vm_start(&vm, &start, error);
    if (result == 0) {
        result = reach_first_passes(vm, machine->accel, error);
    }
    if (result == 0) {
        ret_trial->ms = mt_now_ms() - start_ms;
        ret_trial->cpu_ms = cpu_ms(vm->process.pid);
        if (with_ring) {
            try_ring(vm, ret_trial);
        }
    }
    mt_vm_destroy(vm);
    return result;
}

int mt_try_accelerator(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                       const char *scratch, struct mt_trial *ret_trial, struct mt_error *error)
{
    struct mt_error with_ring = {0};
    struct mt_machine_config plain = *machine;

    *ret_trial = (struct mt_trial){0};
    if (strcmp(plain.memory_backend, "file") == 0) {
        plain.memory_backend = "memfd";
    }
    if (strcmp(plain.accel, "kvm") == 0 &&
        try_once(qemu, &plain, scratch, true, ret_trial, &with_ring) == 0) {
        return 0;
    }
    *ret_trial = (struct mt_trial){0};
    if (with_ring.text != NULL) {
        snprintf(ret_trial->ring_fault, sizeof(ret_trial->ring_fault), "%s", with_ring.text);
    }
    mt_error_clear(&with_ring);
    return try_once(qemu, &plain, scratch, false, ret_trial, error);
}
