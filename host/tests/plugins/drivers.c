/* SPDX-License-Identifier: Apache-2.0 */
/* The guest has a driver for each virtio device that there is, and each has been given work. */
#include <stdio.h>
#include <string.h>

#include <migtest/migtest.h>

MT_PLUGIN(.name = "drivers", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "The guest's drivers");

enum { RICH_VIRTIO_DEVICES = 7 };

static bool runs(const struct mt_reply *status)
{
    char path[64];

    for (int64_t i = 0; i < mt_reply_count(status, "status.statuses"); i++) {
        snprintf(path, sizeof(path), "status.statuses.%d", (int)i);
        if (strstr(mt_reply_string(status, path), "DRIVER_OK") != NULL) {
            return true;
        }
    }
    return false;
}

/* Whether a queue of the device has been used. */
static bool has_worked(struct mt_vm *vm, const char *device, int64_t queues)
{
    for (int64_t i = 0; i < queues; i++) {
        const struct mt_reply *queue =
            mt_qmp(vm, "x-query-virtio-queue-status", "{'path': %s, 'queue': %d}", device, (int)i);
        if (mt_reply_int(queue, "used-idx") > 0) {
            return true;
        }
    }
    return false;
}

static void expect_driver(struct mt_vm *vm, const char *device)
{
    const struct mt_reply *status = mt_qmp(vm, "x-query-virtio-status", "{'path': %s}", device);

    printf("-- %s\n", mt_reply_string(status, "name"));
    assert_true(runs(status));
    assert_true(has_worked(vm, device, mt_reply_int(status, "num-vqs")));
}

static void virtio(void **state)
{
    struct mt_vm *vm = mt_source(*state);
    const struct mt_reply *devices = mt_qmp(vm, "x-query-virtio", NULL);
    int64_t count = mt_reply_count(devices, "");
    char path[64];

    assert_int_equal(count, RICH_VIRTIO_DEVICES);
    for (int64_t i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%d.path", (int)i);
        expect_driver(vm, mt_reply_string(devices, path));
    }
}

static const struct mt_test tests[] = {
    {.name = "virtio", .run = virtio, .needs = MT_NEEDS(.commands = MT_LIST("x-query-virtio"))},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("drivers", tests));
}
