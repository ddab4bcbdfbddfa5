/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions of include/migtest/vm.h. Each calls the library's function of that name. */
#include <string.h>

#include "base/json.h"
#include "lib/api/fail.h"
#include "lib/api/known.h"
#include "lib/monitor/json_format.h"
#include "lib/monitor/reply.h"
#include "lib/pair/pair.h"

#include <migtest/vm.h>

static struct mt_reply *as_reply(json_t *value)
{
    return (struct mt_reply *)value;
}

static json_t *reply_at(const struct mt_reply *reply, const char *path)
{
    return mt_json_at((const json_t *)reply, path);
}

void mt_set_parameter_at(const char *file, int line, struct mt_vm *vm, const char *name,
                         int64_t value)
{
    CHECK(mt_side_set(vm->pair_side, MT_PARAMETER, name, json_integer(value), &error));
}

void mt_set_parameter_string_at(const char *file, int line, struct mt_vm *vm, const char *name,
                                const char *value)
{
    CHECK(mt_side_set(vm->pair_side, MT_PARAMETER, name, json_string(value), &error));
}

struct mt_reply *mt_qmp_at(const char *file, int line, struct mt_vm *vm, const char *command,
                           const char *json_format, ...)
{
    json_t *arguments = NULL;
    json_t *value = NULL;
    va_list list;
    struct mt_error fault = {0};

    mt_api_enter(file, line);
    va_start(list, json_format);
    int result = mt_json_format_va(&arguments, &fault, json_format, list);
    va_end(list);
    if (result == 0) {
        result = mt_vm_qmp(vm, &value, &fault, command, arguments);
    }
    mt_api_check(file, line, result, &fault);
    return as_reply(mt_monitor_keep(&vm->monitor, value));
}

static int try_va(struct mt_vm *vm, struct mt_reply **ret_reply, struct mt_error *error,
                  const char *command, const char *json_format, va_list list)
{
    json_t *arguments = NULL;
    MT_AUTO_JSON json_t *reply = NULL;

    *ret_reply = NULL;
    if (mt_json_format_va(&arguments, error, json_format, list) < 0 ||
        mt_vm_ask(vm, &reply, error, command, arguments, -1) < 0) {
        return -1;
    }
    json_t *refusal = json_object_get(reply, "error");
    json_t *result = refusal != NULL ? refusal : json_object_get(reply, "return");
    *ret_reply = as_reply(mt_monitor_keep(&vm->monitor, json_incref(result)));
    return refusal != NULL;
}

int mt_qmp_try(struct mt_vm *vm, struct mt_reply **ret_reply, const char *command,
               const char *json_format, ...)
{
    struct mt_error error = {0};
    va_list list;

    va_start(list, json_format);
    int result = try_va(vm, ret_reply, &error, command, json_format, list);
    va_end(list);
    mt_error_clear(&error);
    return result;
}

struct mt_reply *mt_qmp_error_at(const char *file, int line, struct mt_vm *vm, const char *command,
                                 const char *json_format, ...)
{
    struct mt_error error = {0};
    struct mt_reply *reply = NULL;
    va_list list;

    mt_api_enter(file, line);
    va_start(list, json_format);
    int result = try_va(vm, &reply, &error, command, json_format, list);
    va_end(list);
    if (result == 0) {
        result = mt_fail(&error, "the %s took %s, which it should refuse", vm->side, command);
    }
    mt_api_check(file, line, result, &error);
    return reply;
}

static json_t *reply_value(const char *file, int line, const struct mt_reply *reply,
                           const char *path, const char *type, bool (*is_type)(const json_t *value))
{
    json_t *value = reply_at(reply, path);

    CHECK(value != NULL && is_type(value)
              ? 0
              : mt_fail(&error, "the reply has no %s at \"%s\"", type, path));
    return value;
}

static bool is_int(const json_t *value)
{
    return json_is_integer(value);
}

static bool is_bool(const json_t *value)
{
    return json_is_boolean(value);
}

static bool is_string(const json_t *value)
{
    return json_is_string(value);
}

static bool is_container(const json_t *value)
{
    return json_is_array(value) || json_is_object(value);
}

int64_t mt_reply_int_at(const char *file, int line, const struct mt_reply *reply, const char *path)
{
    return json_integer_value(reply_value(file, line, reply, path, "number", is_int));
}

bool mt_reply_bool_at(const char *file, int line, const struct mt_reply *reply, const char *path)
{
    return json_is_true(reply_value(file, line, reply, path, "truth value", is_bool));
}

const char *mt_reply_string_at(const char *file, int line, const struct mt_reply *reply,
                               const char *path)
{
    return json_string_value(reply_value(file, line, reply, path, "string", is_string));
}

int64_t mt_reply_int_or(const struct mt_reply *reply, const char *path, int64_t fallback)
{
    json_t *value = reply_at(reply, path);

    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

int64_t mt_reply_count_at(const char *file, int line, const struct mt_reply *reply,
                          const char *path)
{
    json_t *value = reply_value(file, line, reply, path, "list", is_container);

    return (int64_t)(json_is_array(value) ? json_array_size(value) : json_object_size(value));
}

struct mt_reply *mt_wait_event_at(const char *file, int line, struct mt_vm *vm, const char *event,
                                  int64_t timeout_ms)
{
    json_t *object = NULL;

    CHECK(mt_vm_wait_event(vm, &object, event, timeout_ms, &error));
    return as_reply(object);
}

struct mt_reply *mt_wait_reply_at(const char *file, int line, struct mt_vm *vm, const char *command,
                                  const char *path, const char *value, int64_t timeout_ms)
{
    json_t *found = NULL;

    CHECK(mt_vm_wait_reply(vm, &found, command, path, value, timeout_ms, &error));
    return as_reply(mt_monitor_keep(&vm->monitor, found));
}

void mt_wait_exit_at(const char *file, int line, struct mt_vm *vm, int status)
{
    CHECK(mt_vm_wait_exit(vm, status, &error));
}

void mt_wait_guest_pass_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_guest_wait_passes(vm, 1, "the guest's next pass", &error));
}

int64_t mt_guest_passes_at(const char *file, int line, struct mt_vm *vm)
{
    mt_vm_guest_receive(vm);
    CHECK(mt_vm_guest_check_complaint(vm, &error));
    return (int64_t)mt_vm_guest_passes(vm);
}

void mt_check_guest_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_guest_check(vm, &error));
}

void mt_note_guest_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_guest_note(vm, &error));
}

void mt_beat_guest_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_guest_beat(vm, &error));
}

int64_t mt_guest_beats_at(const char *file, int line, struct mt_vm *vm)
{
    mt_vm_guest_receive(vm);
    CHECK(mt_vm_guest_check_complaint(vm, &error));
    return (int64_t)mt_vm_guest_beats(vm)->count;
}

int64_t mt_guest_ran_ns_at(const char *file, int line, struct mt_vm *vm)
{
    int64_t ran_ns;
    int64_t waited_ns;

    CHECK(mt_vm_processor_time(vm, &ran_ns, &waited_ns, &error));
    return ran_ns;
}

int64_t mt_guest_waited_ns_at(const char *file, int line, struct mt_vm *vm)
{
    int64_t ran_ns;
    int64_t waited_ns;

    CHECK(mt_vm_processor_time(vm, &ran_ns, &waited_ns, &error));
    return waited_ns;
}

void mt_set_dirtying_at(const char *file, int line, struct mt_vm *vm,
                        const struct mt_dirtying *dirtying)
{
    struct mt_dirtying known;

    CHECK(mt_take_known("mt_dirtying", dirtying, &known, MT_LAYOUT(struct mt_dirtying), &error));
    CHECK(mt_vm_guest_set_dirtying(vm, &known, &error));
}

void mt_suspend_guest_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_guest_suspend(vm, &error));
}

void mt_wake_guest_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_guest_wake(vm, &error));
}

pid_t mt_pid(const struct mt_vm *vm)
{
    return vm->process.pid;
}

void mt_quit_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_quit(vm, &error));
}
