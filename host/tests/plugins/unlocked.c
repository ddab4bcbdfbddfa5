/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test of a disk that both sides can reach, where a QEMU does not lock it: it must fail. Its
 * body is that of plugins/, linked in; what it asks of QEMU goes through the linker's --wrap.
 */
#include <stdarg.h>
#include <string.h>

#include <migtest/migtest.h>

#include "plugins/precopy/precopy.h"

MT_PLUGIN(.name = "unlocked", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "A disk that nobody locks");

/* From which disk on, in the order in which they are plugged in. */
static unsigned first_unlocked;
static unsigned disks;

/* The linker gives these their names. */
struct mt_reply *__real_mt_qmp_at(const char *file, int line, struct mt_vm *vm, const char *command,
                                  const char *json_format, ...);
struct mt_reply *__wrap_mt_qmp_at(const char *file, int line, struct mt_vm *vm, const char *command,
                                  const char *json_format, ...);

struct mt_reply *__wrap_mt_qmp_at(const char *file, int line, struct mt_vm *vm, const char *command,
                                  const char *json_format, ...)
{
    va_list arguments;

    if (strcmp(command, "blockdev-add") != 0) {
        return __real_mt_qmp_at(file, line, vm, command, json_format);
    }
    va_start(arguments, json_format);
    const char *path = va_arg(arguments, const char *);
    va_end(arguments);
    if (disks++ < first_unlocked) {
        return __real_mt_qmp_at(file, line, vm, command, json_format, path);
    }
    return __real_mt_qmp_at(file, line, vm, command,
                            "{'driver': 'raw', 'node-name': 'shared-disk',"
                            " 'file': {'driver': 'file', 'filename': %s, 'locking': 'off'}}",
                            path);
}

static void everywhere(void **state)
{
    first_unlocked = 0;
    shared_disk(state);
}

/* The source's, and that of the destination of the migration that is cancelled, are locked. */
static void on_the_destination(void **state)
{
    first_unlocked = 2;
    shared_disk(state);
}

static const struct mt_test tests[] = {
    {.name = "everywhere", .run = everywhere, .machine = &shared_disk_machine},
    {.name = "on-the-destination", .run = on_the_destination, .machine = &shared_disk_machine},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("unlocked", tests));
}
