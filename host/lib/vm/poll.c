/* SPDX-License-Identifier: Apache-2.0 */
/* Repeats a command until it returns a value, where QEMU has no event. */
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/monitor/reply.h"
#include "lib/vm/vm.h"

/* Short enough to end soon, and long enough not to disturb what is measured. */
static const int64_t interval_ms = 10;

struct poll_wait {
    struct mt_vm *vm;
    const char *command;
    const char *path;
    const char *expected;
    uint64_t id;
    bool asked;
    json_t *reply;
};

static int has_value(struct poll_wait *wait, struct mt_error *error)
{
    if (json_object_get(wait->reply, "error") != NULL) {
        return mt_fail(error, "the %s refused %s: %s", wait->vm->side, wait->command,
                       json_string_value(mt_json_at(wait->reply, "error.desc")));
    }
    const char *found =
        json_string_value(mt_json_at(json_object_get(wait->reply, "return"), wait->path));
    return found != NULL && strcmp(found, wait->expected) == 0;
}

static int ask_or_look(void *context, struct mt_error *error)
{
    struct poll_wait *wait = context;

    /* The wait itself tells how QEMU ended. */
    if (wait->vm->process.ended) {
        return 0;
    }
    if (!wait->asked) {
        wait->asked = true;
        return mt_qmp_send(&wait->vm->monitor.qmp, wait->command, NULL, -1, &wait->id, error) < 0
                   ? mt_vm_fail_unsent(wait->vm, error)
                   : 0;
    }
    json_t *reply = mt_qmp_take_reply(&wait->vm->monitor.qmp, wait->id);
    if (reply == NULL) {
        return 0;
    }
    json_decref(wait->reply);
    wait->reply = reply;
    wait->asked = false;
    return has_value(wait, error);
}

int mt_vm_wait_reply(struct mt_vm *vm, json_t **ret_value, const char *command, const char *path,
                     const char *expected, int64_t timeout_ms, struct mt_error *error)
{
    struct poll_wait context = {.vm = vm, .command = command, .path = path, .expected = expected};
    MT_AUTO_FREE char *what = mt_text("%s of %s to be %s", path, command, expected);
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = what,
        .timeout_ms = timeout_ms,
        .condition = ask_or_look,
        .context = &context,
        .look_again_ms = interval_ms,
    };

    int result = mt_wait_for(&wait, error);
    if (result == 0 && ret_value != NULL) {
        *ret_value = json_incref(json_object_get(context.reply, "return"));
    }
    json_decref(context.reply);
    return result;
}
