/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/transport_trial.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/vm/reply.h"

static int give_file(struct mt_vm *vm, const char *scratch, struct mt_error *error)
{
    MT_AUTO_FREE char *path = mt_text("%s/transport", scratch);
    MT_AUTO_FD int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0) {
        return mt_fail_errno(error, "cannot write %s", path);
    }
    unlink(path);
    return mt_vm_give_fd(vm, fd, MT_TRANSPORT_FD_FILE, error);
}

int mt_transport_trial(struct mt_vm *vm, const char *scratch, json_t *abilities,
                       struct mt_error *error)
{
    json_t *transports = json_array();
    json_t *refusals = json_object();
    json_t *reply;

    json_object_set_new(abilities, "transports", transports);
    json_object_set_new(abilities, "refusals", refusals);
    if (give_file(vm, scratch, error) < 0) {
        return -1;
    }
    if (mt_vm_ask(vm, &reply, error, "migrate",
                  json_pack("{s:s}", "uri", "fd:" MT_TRANSPORT_FD_FILE), -1) < 0) {
        if (!mt_process_check(&vm->process)) {
            return -1;
        }
        /* What else it can do is known already. */
        json_object_set_new(refusals, MT_TRANSPORT_FD_FILE, json_string(mt_error_text(error)));
        mt_error_clear(error);
        return 0;
    }
    const char *refusal = json_string_value(mt_json_at(reply, "error.desc"));
    if (refusal == NULL) {
        json_array_append_new(transports, json_string(MT_TRANSPORT_FD_FILE));
    } else {
        json_object_set_new(refusals, MT_TRANSPORT_FD_FILE, json_string(refusal));
    }
    return 0;
}
