/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/view_trial.h"

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/state/dump.h"
#include "lib/verify/questions.h"

struct view_trial {
    const struct mt_qemu_config *qemu;
    struct mt_machine_config machine;
    const char *scratch;
    const struct mt_observer *observer;
    struct mt_vm *vm;
    json_t *paths; /* of its virtio devices */
    json_t *unusable;
};

static int trial_start(struct view_trial *trial, struct mt_error *error)
{
    const struct mt_vm_start start = {
        .side = "QEMU",
        .scratch = trial->scratch,
        .observer = trial->observer,
        .line = {.qemu = trial->qemu, .machine = &trial->machine, .side = "QEMU", .hold = true},
    };

    mt_vm_destroy(mt_take_pointer(trial->vm));
    return mt_vm_start(&trial->vm, &start, error) < 0 ? -1 : mt_vm_greet(trial->vm, error);
}

/* A machine without PCI, or a QEMU without the device, has no virtio to be asked about. */
static int trial_start_first(struct view_trial *trial, struct mt_error *error)
{
    static const char *const with_device[] = {"-device", "virtio-rng-pci", NULL};
    MT_AUTO_ERROR struct mt_error ignored = {0};

    trial->machine.memory_backend = "anonymous";
    trial->machine.args = with_device;
    if (trial_start(trial, &ignored) == 0) {
        return 0;
    }
    trial->machine.args = NULL;
    return trial_start(trial, error);
}

static void trial_note(struct view_trial *trial, const char *command, const struct mt_error *error)
{
    json_object_set_new(trial->unusable, command, json_string(mt_error_text(error)));
}

/* One that has ended over the question is started again for those that follow. */
static int trial_ask(struct view_trial *trial, const struct mt_question *question,
                     struct mt_error *error)
{
    MT_AUTO_ERROR struct mt_error refusal = {0};
    json_t *answer = NULL;

    if (mt_question_ask(trial->vm, question, &answer, &refusal) < 0) {
        trial_note(trial, question->command, &refusal);
    }
    json_decref(answer);
    return mt_process_check(&trial->vm->process) ? trial_start(trial, error) : 0;
}

static int trial_dump(struct view_trial *trial, struct mt_error *error)
{
    MT_AUTO_ERROR struct mt_error refusal = {0};
    struct mt_sections sections = {0};

    if (mt_state_dump(trial->vm, trial->scratch, &sections, &refusal) < 0) {
        trial_note(trial, MT_STATE_COMMAND, &refusal);
    }
    mt_sections_clear(&sections);
    return mt_process_check(&trial->vm->process) ? trial_start(trial, error) : 0;
}

static int trial_list_devices(struct view_trial *trial, struct mt_error *error)
{
    MT_AUTO_ERROR struct mt_error refusal = {0};

    if (mt_question_devices(trial->vm, &trial->paths, &refusal) < 0) {
        trial_note(trial, MT_VIRTIO_LIST, &refusal);
    }
    return mt_process_check(&trial->vm->process) ? trial_start(trial, error) : 0;
}

static int trial_ask_all(struct view_trial *trial, struct mt_error *error)
{
    for (size_t i = 0; i < mt_text_question_count; i++) {
        const struct mt_question question = {.command = mt_text_questions[i]};
        if (trial_ask(trial, &question, error) < 0) {
            return -1;
        }
    }
    if (trial_dump(trial, error) < 0 || trial_list_devices(trial, error) < 0) {
        return -1;
    }
    const char *path = json_string_value(json_array_get(trial->paths, 0));
    const struct mt_question status = {.command = MT_VIRTIO_STATUS, .path = path};
    const struct mt_question queue = {.command = MT_VIRTIO_QUEUE_STATUS, .path = path};
    return path == NULL                           ? 0
           : trial_ask(trial, &status, error) < 0 ? -1
                                                  : trial_ask(trial, &queue, error);
}

int mt_view_trial(const struct mt_qemu_config *qemu, const struct mt_machine_config *machine,
                  const char *scratch, const struct mt_observer *observer, json_t **ret_unusable,
                  struct mt_error *error)
{
    struct view_trial trial = {
        .qemu = qemu, .machine = *machine, .scratch = scratch, .observer = observer};
    int result = -1;

    trial.unusable = json_object();
    if (trial_start_first(&trial, error) == 0) {
        result = trial_ask_all(&trial, error);
    }
    mt_vm_destroy(trial.vm);
    json_decref(trial.paths);
    if (result < 0) {
        json_decref(trial.unusable);
        return mt_wrap(error, "trying what a QEMU shows of itself");
    }
    *ret_unusable = trial.unusable;
    return 0;
}
