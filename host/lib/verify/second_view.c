/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/second_view.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/verify/verify.h"
#include "lib/verify/view.h"
#include "lib/vm/reply.h"

/* Those that show nothing but state: `info mtree` has its own order, `info irq` counts. */
static const char *const commands[] = {
    "info registers -a",
    "info lapic",
    "info pic",
    "info pci",
};

/*
 * QEMU itself changes start-on-kick of a device that no driver has started; which features have a
 * name, and which of them a device offers, depends on the version.
 */
static const char *const ignored_members[] = {
    "start-on-kick", "host-features", "guest-features", "backend-features", NULL,
};

static int compare_text(struct mt_pair *pair, const char *command, struct mt_error *error)
{
    const char *ours;
    const char *theirs;

    if (mt_vm_hmp(pair->source, &ours, command, error) < 0 ||
        mt_vm_hmp(pair->destination, &theirs, command, error) < 0) {
        return MT_CANNOT_LOOK;
    }
    MT_AUTO_FREE char *found = mt_view_compare_text(ours, theirs);
    return found == NULL ? 0 : mt_fail(error, "%s: %s", command, found);
}

static int ask_virtio(struct mt_vm *vm, const char *command, const char *path, int queue,
                      json_t **ret_value, struct mt_error *error)
{
    if (queue < 0) {
        return mt_vm_qmp_format(vm, ret_value, error, command, "{'path': %s}", path);
    }
    return mt_vm_qmp_format(vm, ret_value, error, command, "{'path': %s, 'queue': %d}", path,
                            queue);
}

static int compare_virtio(struct mt_pair *pair, const char *command, const char *path, int queue,
                          json_t **ret_ours, struct mt_error *error)
{
    json_t *theirs;

    if (ask_virtio(pair->source, command, path, queue, ret_ours, error) < 0 ||
        ask_virtio(pair->destination, command, path, queue, &theirs, error) < 0) {
        return MT_CANNOT_LOOK;
    }
    MT_AUTO_FREE char *found = mt_view_compare_json(*ret_ours, theirs, ignored_members);
    return found == NULL ? 0 : mt_fail(error, "%s of %s, %s", command, path, found);
}

static int compare_device(struct mt_pair *pair, const char *path, struct mt_error *error)
{
    json_t *status;
    json_t *queue;
    int result = compare_virtio(pair, "x-query-virtio-status", path, -1, &status, error);

    if (result < 0) {
        return result;
    }
    int queues = (int)json_integer_value(json_object_get(status, "num-vqs"));
    for (int i = 0; i < queues && result == 0; i++) {
        result = compare_virtio(pair, "x-query-virtio-queue-status", path, i, &queue, error);
    }
    return result;
}

/* That there is none is an error to QEMU 10, and an empty list to 7.2. */
static int list_virtio(struct mt_vm *vm, json_t **ret_devices, struct mt_error *error)
{
    json_t *reply;

    if (mt_vm_ask(vm, &reply, error, "x-query-virtio", NULL, -1) < 0) {
        return -1;
    }
    const char *refusal = json_string_value(mt_json_at(reply, "error.desc"));
    if (refusal != NULL && strcmp(refusal, "No virtio devices found") != 0) {
        return mt_fail(error, "the %s refused x-query-virtio: %s", vm->side, refusal);
    }
    *ret_devices = json_object_get(reply, "return");
    return 0;
}

static int compare_virtio_devices(struct mt_pair *pair, struct mt_error *error)
{
    json_t *devices = NULL;
    json_t *device;
    size_t i;

    if (list_virtio(pair->source, &devices, error) < 0) {
        return MT_CANNOT_LOOK;
    }
    json_array_foreach (devices, i, device) {
        int result =
            compare_device(pair, json_string_value(json_object_get(device, "path")), error);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

int mt_second_view_compare(struct mt_pair *pair, struct mt_error *error)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        int result = compare_text(pair, commands[i], error);
        if (result < 0) {
            return result;
        }
    }
    return compare_virtio_devices(pair, error);
}
