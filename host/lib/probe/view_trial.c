/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/probe/view_trial.h"

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/state/dump.h"
#include "lib/verify/view_questions.h"

struct view_trial {
    const struct mt_qemu_config *qemu;
    struct mt_machine_config machine;
    const char *scratch;
    const struct mt_observer *observer;
    struct mt_vm *vm;
    json_t *unusable;
};

static int trial_start(struct view_trial *trial, struct mt_error *error)
{
    const struct mt_command_line line = {
        .qemu = trial->qemu, .machine = &trial->machine, .side = "QEMU", .hold = true};
    const struct mt_vm_start start = {
        .side = "QEMU",
        .scratch = trial->scratch,
        .observer = trial->observer,
        .qemu = trial->qemu,
        .launch = mt_command_line_launch(&line),
    };

    mt_vm_destroy(mt_take_pointer(trial->vm));
    return mt_vm_start(&trial->vm, &start, error) < 0 ? -1 : mt_vm_greet(trial->vm, error);
}

/* A machine without PCI, or a QEMU without the device, starts only without a virtio device. */
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

static void trial_note(struct view_trial *trial, const char *command, const char *why)
{
    json_object_set_new(trial->unusable, command, json_string(why));
}

/*
 * A command that QEMU does not know, or over which QEMU ends, is not usable. Any other failure says
 * nothing about the command. A QEMU that has ended is started again for the next command.
 */
static int trial_send(struct view_trial *trial, const char *command, const char *sent,
                      json_t *arguments, json_t **ret_value, struct mt_error *error)
{
    MT_AUTO_ERROR struct mt_error why = {0};
    MT_AUTO_JSON json_t *reply = NULL;

    *ret_value = NULL;
    if (mt_vm_ask(trial->vm, &reply, &why, sent, arguments, -1) < 0) {
        if (!mt_process_check(&trial->vm->process)) {
            return mt_fail(error, "%s", mt_error_text(&why));
        }
        trial_note(trial, command, mt_error_text(&why));
        return trial_start(trial, error);
    }
    const json_t *refusal = json_object_get(reply, "error");
    const char *class = mt_json_find_text(refusal, "class");
    if (class != NULL && strcmp(class, "CommandNotFound") == 0) {
        trial_note(trial, command, mt_json_find_text(refusal, "desc"));
    }
    *ret_value = json_incref(json_object_get(reply, "return"));
    return 0;
}

/* The human monitor answers an unknown command with a text, not with an error. */
static int trial_ask_text(struct view_trial *trial, const char *command, struct mt_error *error)
{
    MT_AUTO_JSON json_t *value = NULL;
    int result = trial_send(trial, command, "human-monitor-command",
                            json_pack("{s:s}", "command-line", command), &value, error);
    const char *text = json_string_value(value);

    if (text != NULL && strncmp(text, "unknown command", strlen("unknown command")) == 0) {
        trial_note(trial, command, text);
    }
    return result;
}

static int trial_dump(struct view_trial *trial, struct mt_error *error)
{
    MT_AUTO_FREE char *path = mt_text("%s/trial.state", trial->scratch);
    MT_AUTO_JSON json_t *value = NULL;
    int result =
        trial_send(trial, MT_STATE_COMMAND, MT_STATE_COMMAND,
                   json_pack("{s:s, s:b}", "filename", path, "live", false), &value, error);

    unlink(path);
    return result;
}

static int trial_ask_about(struct view_trial *trial, const char *path, struct mt_error *error)
{
    MT_AUTO_JSON json_t *status = NULL;
    MT_AUTO_JSON json_t *queue = NULL;

    if (trial_send(trial, MT_VIRTIO_STATUS, MT_VIRTIO_STATUS, json_pack("{s:s}", "path", path),
                   &status, error) < 0) {
        return -1;
    }
    return trial_send(trial, MT_VIRTIO_QUEUE_STATUS, MT_VIRTIO_QUEUE_STATUS,
                      json_pack("{s:s, s:i}", "path", path, "queue", 0), &queue, error);
}

static int trial_ask_virtio(struct view_trial *trial, struct mt_error *error)
{
    MT_AUTO_JSON json_t *devices = NULL;

    if (trial_send(trial, MT_VIRTIO_LIST, MT_VIRTIO_LIST, NULL, &devices, error) < 0) {
        return -1;
    }
    const char *path = mt_json_find_text(json_array_get(devices, 0), "path");
    return path != NULL ? trial_ask_about(trial, path, error) : 0;
}

static int trial_ask_all(struct view_trial *trial, struct mt_error *error)
{
    for (size_t i = 0; i < mt_view_command_count; i++) {
        if (trial_ask_text(trial, mt_view_commands[i], error) < 0) {
            return -1;
        }
    }
    return trial_dump(trial, error) < 0 ? -1 : trial_ask_virtio(trial, error);
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
    if (result < 0) {
        json_decref(trial.unusable);
        return mt_wrap(error, "trying what a QEMU shows of itself");
    }
    *ret_unusable = trial.unusable;
    return 0;
}
