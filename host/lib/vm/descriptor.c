/* SPDX-License-Identifier: Apache-2.0 */
/* Giving QEMU a descriptor. */
#include "lib/monitor/json_format.h"
#include "lib/monitor/reply.h"
#include "lib/vm/vm.h"

int mt_vm_give_fd(struct mt_vm *vm, int fd, const char *name, struct mt_error *error)
{
    json_t *arguments;
    json_t *reply;

    if (mt_json_format(&arguments, error, "{'fdname': %s}", name) < 0 ||
        mt_vm_ask(vm, &reply, error, "getfd", arguments, fd) < 0) {
        return -1;
    }
    if (json_object_get(reply, "error") != NULL) {
        return mt_fail(error, "the %s refused a descriptor named %s: %s", vm->side, name,
                       json_string_value(mt_json_at(reply, "error.desc")));
    }
    return 0;
}
