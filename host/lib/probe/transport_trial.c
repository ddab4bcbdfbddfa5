/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/probe/transport_trial.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/monitor/reply.h"

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

static int request_events(struct mt_vm *vm, struct mt_error *error)
{
    return mt_vm_qmp(
        vm, NULL, error, "migrate-set-capabilities",
        json_pack("{s:[{s:s, s:b}]}", "capabilities", "capability", "events", "state", 1));
}

static int migration_has_ended(void *context, struct mt_error *error)
{
    const struct mt_vm *vm = context;
    const struct mt_events *events = &vm->monitor.qmp.events;

    (void)error;
    for (size_t i = 0; i < events->count; i++) {
        if (mt_event_is(&events->entries[i], "completed") ||
            mt_event_is(&events->entries[i], "failed")) {
            return 1;
        }
    }
    return 0;
}

/*
 * QEMU 7.2 aborts when it quits during the migration, in two of a hundred times on busy cores. So
 * the end of the migration comes first.
 */
static int wait_migration_end(struct mt_vm *vm, struct mt_error *error)
{
    const struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "the end of the migration to a file",
        .timeout_ms = 30000,
        .condition = migration_has_ended,
        .context = vm,
    };

    return mt_wait_for(&wait, error);
}

int mt_transport_trial(struct mt_vm *vm, const char *scratch, json_t *abilities,
                       struct mt_error *error)
{
    json_t *transports = json_array();
    json_t *refusals = json_object();
    MT_AUTO_JSON json_t *reply = NULL;

    json_object_set_new(abilities, "transports", transports);
    json_object_set_new(abilities, "refusals", refusals);
    if (request_events(vm, error) < 0 || give_file(vm, scratch, error) < 0) {
        return -1;
    }
    if (mt_vm_ask(vm, &reply, error, "migrate",
                  json_pack("{s:s}", "uri", "fd:" MT_TRANSPORT_FD_FILE), -1) < 0) {
        if (!mt_process_check(&vm->process)) {
            return -1;
        }
        /* QEMU has ended over the command. Its other abilities are known already. */
        json_object_set_new(refusals, MT_TRANSPORT_FD_FILE, json_string(mt_error_text(error)));
        mt_error_clear(error);
        return 0;
    }
    const char *refusal = json_string_value(mt_json_at(reply, "error.desc"));
    if (refusal != NULL) {
        json_object_set_new(refusals, MT_TRANSPORT_FD_FILE, json_string(refusal));
        return 0;
    }
    json_array_append_new(transports, json_string(MT_TRANSPORT_FD_FILE));
    return wait_migration_end(vm, error);
}
