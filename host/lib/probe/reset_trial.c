/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/probe/reset_trial.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/state/dump.h"
#include "lib/state/reset.h"
#include "lib/vm/vm.h"

static int reset_trial_start(const struct mt_qemu_config *qemu,
                             const struct mt_machine_config *machine, const char *scratch,
                             const struct mt_observer *observer, const char *side,
                             struct mt_vm **ret_vm, struct mt_error *error)
{
    MT_AUTO_FREE char *memory_path = mt_text("%s/%s.ram", scratch, side);

    const struct mt_command_line line = {
        .qemu = qemu, .machine = machine, .side = side, .hold = true, .memory_path = memory_path};
    const struct mt_vm_start start = {
        .side = side,
        .scratch = scratch,
        .observer = observer,
        .qemu = qemu,
        .launch = mt_command_line_launch(&line),
    };

    return mt_vm_start(ret_vm, &start, error);
}

static int reset_trial_compare(struct mt_vm *first_vm, struct mt_vm *second_vm, const char *scratch,
                               json_t **ret_reset, struct mt_error *error)
{
    struct mt_sections first = {0};
    struct mt_sections second = {0};
    int result = -1;

    if (mt_vm_greet(first_vm, error) == 0 && mt_vm_greet(second_vm, error) == 0 &&
        mt_state_dump(first_vm, scratch, &first, error) == 0 &&
        mt_state_dump(second_vm, scratch, &second, error) == 0) {
        *ret_reset = mt_reset_compare(&first, &second);
        result = 0;
    }
    mt_sections_clear(&first);
    mt_sections_clear(&second);
    return result;
}

int mt_reset_trial(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                   const char *scratch, const struct mt_observer *observer, json_t **ret_reset,
                   struct mt_error *error)
{
    struct mt_vm *first = NULL;
    struct mt_vm *second = NULL;
    int result = -1;

    if (reset_trial_start(qemu, machine, scratch, observer, "first", &first, error) == 0 &&
        reset_trial_start(qemu, machine, scratch, observer, "second", &second, error) == 0) {
        result = reset_trial_compare(first, second, scratch, ret_reset, error);
    }
    mt_vm_destroy(first);
    mt_vm_destroy(second);
    return result < 0 ? mt_wrap(error, "learning what the machine is like before it runs") : 0;
}
