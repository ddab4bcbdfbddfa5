/* SPDX-License-Identifier: Apache-2.0 */
/* Commands over the monitor, and their replies. */
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/monitor/json_format.h"
#include "lib/monitor/reply.h"
#include "lib/vm/vm.h"

struct reply_wait {
    struct mt_vm *vm;
    uint64_t id;
    json_t *reply;
};

static int has_replied(void *context, struct mt_error *error)
{
    struct reply_wait *wait = context;

    wait->reply = mt_qmp_take_reply(&wait->vm->monitor.qmp, wait->id);
    return wait->reply != NULL ? 1 : mt_vm_check_monitor(wait->vm, error);
}

int mt_vm_ask(struct mt_vm *vm, json_t **ret_reply, struct mt_error *error, const char *command,
              json_t *arguments, int pass_fd)
{
    struct reply_wait context = {.vm = vm};
    MT_AUTO_FREE char *what = mt_text("the reply to %s", command);

    int result = mt_qmp_send(&vm->monitor.qmp, command, arguments, pass_fd, &context.id, error);
    json_decref(arguments);
    if (result < 0) {
        return mt_vm_fail_unsent(vm, error);
    }
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = what,
        .timeout_ms = MT_QMP_TIMEOUT_MS,
        .condition = has_replied,
        .context = &context,
    };
    if (mt_wait_for(&wait, error) < 0) {
        return -1;
    }
    *ret_reply = context.reply;
    return 0;
}

int mt_vm_qmp(struct mt_vm *vm, json_t **ret_value, struct mt_error *error, const char *command,
              json_t *arguments)
{
    MT_AUTO_FREE char *text = arguments != NULL ? json_dumps(arguments, 0) : NULL;
    MT_AUTO_JSON json_t *reply = NULL;

    if (mt_vm_ask(vm, &reply, error, command, arguments, -1) < 0) {
        return -1;
    }
    const json_t *refusal = json_object_get(reply, "error");
    if (refusal != NULL) {
        return mt_fail(error, "the %s refused %s%s%s: %s", vm->side, command,
                       text != NULL ? " " : "", text != NULL ? text : "",
                       mt_json_find_text(refusal, "desc"));
    }
    if (ret_value != NULL) {
        *ret_value = json_incref(json_object_get(reply, "return"));
    }
    return 0;
}

int mt_vm_qmp_format(struct mt_vm *vm, json_t **ret_value, struct mt_error *error,
                     const char *command, const char *format, ...)
{
    json_t *arguments = NULL;
    va_list list;

    va_start(list, format);
    int result = mt_json_format_va(&arguments, error, format, list);
    va_end(list);
    return result < 0 ? -1 : mt_vm_qmp(vm, ret_value, error, command, arguments);
}

int mt_vm_give_fd(struct mt_vm *vm, int fd, const char *name, struct mt_error *error)
{
    MT_AUTO_JSON json_t *reply = NULL;
    json_t *arguments;

    if (mt_json_format(&arguments, error, "{'fdname': %s}", name) < 0 ||
        mt_vm_ask(vm, &reply, error, "getfd", arguments, fd) < 0) {
        return -1;
    }
    const json_t *refusal = json_object_get(reply, "error");
    if (refusal != NULL) {
        return mt_fail(error, "the %s refused a descriptor named %s: %s", vm->side, name,
                       mt_json_find_text(refusal, "desc"));
    }
    return 0;
}

int mt_vm_hmp(struct mt_vm *vm, char **ret_text, const char *line, struct mt_error *error)
{
    MT_AUTO_JSON json_t *value = NULL;

    if (mt_vm_qmp_format(vm, &value, error, "human-monitor-command", "{'command-line': %s}", line) <
        0) {
        return -1;
    }
    if (!json_is_string(value)) {
        return mt_fail(error, "the %s answered %s with no text", vm->side, line);
    }
    *ret_text = mt_text_copy(json_string_value(value));
    return 0;
}

int mt_vm_processor_time(struct mt_vm *vm, int64_t *ret_ran_ns, int64_t *ret_waited_ns,
                         struct mt_error *error)
{
    MT_AUTO_JSON json_t *cpus = NULL;
    struct mt_thread_time time;

    if (mt_vm_qmp(vm, &cpus, error, "query-cpus-fast", NULL) < 0) {
        return -1;
    }
    pid_t thread = (pid_t)json_integer_value(mt_json_at(cpus, "0.thread-id"));
    if (!mt_scheduling_read_thread(vm->process.pid, thread, &time)) {
        return mt_fail(error,
                       "/proc/%d/task/%d/schedstat does not tell how long the CPU of the %s had a "
                       "core",
                       (int)vm->process.pid, (int)thread, vm->side);
    }
    *ret_ran_ns = time.ran_ns;
    *ret_waited_ns = time.waited_ns;
    return 0;
}

int mt_vm_status(struct mt_vm *vm, char **ret_status, struct mt_error *error)
{
    MT_AUTO_JSON json_t *value = NULL;

    if (mt_vm_qmp(vm, &value, error, "query-status", NULL) < 0) {
        return -1;
    }
    const char *status = mt_json_find_text(value, "status");
    *ret_status = mt_text_copy(status != NULL ? status : "(none)");
    return 0;
}

int mt_vm_expect_status(struct mt_vm *vm, const char *expected, struct mt_error *error)
{
    MT_AUTO_FREE char *status = NULL;

    if (mt_vm_status(vm, &status, error) < 0) {
        return -1;
    }
    if (strcmp(status, expected) != 0) {
        return mt_fail(error, "the %s should be %s, query-status says %s", vm->side, expected,
                       status);
    }
    return 0;
}
