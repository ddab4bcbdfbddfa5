/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/view_questions.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "lib/monitor/reply.h"
#include "lib/verify/view_text.h"
#include "lib/verify/view_values.h"

const char *const mt_view_commands[] = {
    "info registers -a",
    "info lapic",
    "info pic",
    "info pci",
};
const size_t mt_view_command_count = sizeof(mt_view_commands) / sizeof(mt_view_commands[0]);

static const char registers[] = "info registers";

/* The human monitor answers an unknown command with a text, not with an error. */
static int view_ask_text(struct mt_vm *vm, const char *command, json_t **ret_answer,
                         struct mt_error *error)
{
    MT_AUTO_FREE char *text = NULL;

    if (mt_vm_hmp(vm, &text, command, error) < 0) {
        return -1;
    }
    if (strncmp(text, "unknown command", strlen("unknown command")) == 0) {
        return mt_fail(error, "the %s refused %s: %s", vm->side, command, text);
    }
    json_t *answer = mt_view_text_parse(command, text);
    /* Two answers without a readable value must not count as equal. Only the registers always have
     * one: a machine without PCI, for example, has nothing to show for `info pci`. */
    if (json_object_size(answer) == 0 && strncmp(command, registers, strlen(registers)) == 0) {
        json_decref(answer);
        return mt_fail(error, "in what the %s answers to %s no value can be read: \"%.60s\"",
                       vm->side, command, text);
    }
    *ret_answer = answer;
    return 0;
}

/* A copy of the status in which the features have the form of mt_view_features. */
static json_t *with_named_features(const json_t *status)
{
    static const char *const members[] = {"host-features", "guest-features", "backend-features"};
    json_t *copy = json_copy((json_t *)(uintptr_t)status);

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const json_t *lists = json_object_get(status, members[i]);
        if (lists != NULL) {
            json_object_set_new(copy, members[i], mt_view_features(lists));
        }
    }
    return copy;
}

static int view_ask_virtio(struct mt_vm *vm, const struct mt_view_question *question,
                           json_t **ret_answer, struct mt_error *error)
{
    MT_AUTO_JSON json_t *value = NULL;
    int result =
        strcmp(question->command, MT_VIRTIO_QUEUE_STATUS) == 0
            ? mt_vm_qmp_format(vm, &value, error, question->command, "{'path': %s, 'queue': %d}",
                               question->path, question->queue)
            : mt_vm_qmp_format(vm, &value, error, question->command, "{'path': %s}",
                               question->path);

    if (result == 0) {
        *ret_answer = with_named_features(value);
    }
    return result;
}

int mt_view_ask(struct mt_vm *vm, const struct mt_view_question *question, json_t **ret_answer,
                struct mt_error *error)
{
    return question->path == NULL ? view_ask_text(vm, question->command, ret_answer, error)
                                  : view_ask_virtio(vm, question, ret_answer, error);
}

/* When there is no virtio device, QEMU 10 answers with an error, and QEMU 7.2 with an empty list.
 */
int mt_view_virtio_devices(struct mt_vm *vm, json_t **ret_paths, struct mt_error *error)
{
    MT_AUTO_JSON json_t *reply = NULL;
    const json_t *device;
    size_t i;

    if (mt_vm_ask(vm, &reply, error, MT_VIRTIO_LIST, NULL, -1) < 0) {
        return -1;
    }
    const char *refusal = json_string_value(mt_json_at(reply, "error.desc"));
    if (refusal != NULL && strcmp(refusal, "No virtio devices found") != 0) {
        return mt_fail(error, "the %s refused " MT_VIRTIO_LIST ": %s", vm->side, refusal);
    }
    *ret_paths = json_array();
    json_array_foreach (json_object_get(reply, "return"), i, device) {
        json_array_append(*ret_paths, json_object_get(device, "path"));
    }
    return 0;
}
