/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public functions: each calls its namesake inside the library and, where that returns an
 * error, fails the test at the caller's line. A failure leaves by longjmp, so nothing is held here.
 */
#include "lib/assert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "guest/contract.h"
#include "lib/migration/run.h"
#include "lib/vm/json_format.h"
#include "lib/vm/reply.h"

#include <migtest/migration.h>

static const struct mt_observer *listener;

void mt_assert_attach(const struct mt_observer *observer)
{
    listener = observer;
}

/* The sentence is moved out of the heap first: after the jump nobody could free it. */
static _Noreturn void fail_at(const char *file, int line, struct mt_error *error)
{
    static char message[8192];

    snprintf(message, sizeof(message), "%s", mt_error_text(error));
    mt_error_clear(error);
    if (listener != NULL && listener->failed != NULL) {
        listener->failed(listener->data, &(struct mt_failure){message, file, line});
    }
    fprintf(stderr, "%s:%d: %s\n", file, line, message);
    _fail(file, line);
    __builtin_unreachable();
}

static void check(const char *file, int line, int result, struct mt_error *error)
{
    if (result < 0) {
        fail_at(file, line, error);
    }
}

#define CHECK(call)                                                                                \
    do {                                                                                           \
        struct mt_error error = {0};                                                               \
        check(file, line, (call), &error);                                                         \
    } while (0)

static struct mt_reply *as_reply(json_t *value)
{
    return (struct mt_reply *)value;
}

static json_t *at(const struct mt_reply *reply, const char *path)
{
    return mt_json_at((const json_t *)reply, path);
}

struct mt_vm *mt_source_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_pair_start(pair, &error));
    return pair->source;
}

struct mt_vm *mt_destination_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_pair_start(pair, &error));
    CHECK(pair->destination != NULL ? 0 : mt_fail(&error, "this pair has no destination"));
    return pair->destination;
}

struct mt_vm *mt_new_destination_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_pair_new_destination(pair, &error));
    return pair->destination;
}

void mt_set_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                          bool on)
{
    CHECK(mt_pair_start(pair, &error));
    CHECK(mt_pair_set_capability(pair, NULL, name, on, &error));
}

void mt_set_source_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                                 bool on)
{
    CHECK(mt_pair_start(pair, &error));
    CHECK(mt_pair_set_capability(pair, pair->source, name, on, &error));
}

static int set_parameter(struct mt_vm *vm, const char *name, json_t *value, struct mt_error *error)
{
    int result = mt_pair_set_parameter(NULL, vm, name, value, error);

    json_decref(value);
    return result;
}

void mt_set_parameter_at(const char *file, int line, struct mt_vm *vm, const char *name,
                         int64_t value)
{
    CHECK(set_parameter(vm, name, json_integer(value), &error));
}

void mt_set_parameter_string_at(const char *file, int line, struct mt_vm *vm, const char *name,
                                const char *value)
{
    CHECK(set_parameter(vm, name, json_string(value), &error));
}

void mt_pair_set_data(struct mt_pair *pair, void *data, void (*destroy)(void *data))
{
    pair->data = data;
    pair->destroy_data = destroy;
}

void *mt_pair_data(const struct mt_pair *pair)
{
    return pair->data;
}

int mt_own_fd(struct mt_pair *pair, int fd)
{
    pair->owned_fds = mt_realloc(pair->owned_fds, pair->owned_count + 1, sizeof(*pair->owned_fds));
    pair->owned_fds[pair->owned_count++] = fd;
    return fd;
}

const char *mt_scratch(const struct mt_pair *pair)
{
    return pair->config->scratch;
}

static const json_t *find_option(const char *file, int line, const struct mt_pair *pair,
                                 const char *name)
{
    const json_t *value = json_object_get(pair->config->options, name);

    CHECK(value != NULL ? 0 : mt_fail(&error, "the plugin declares no option %s", name));
    return value;
}

int64_t mt_option_int_at(const char *file, int line, const struct mt_pair *pair, const char *name)
{
    return json_integer_value(find_option(file, line, pair, name));
}

bool mt_option_bool_at(const char *file, int line, const struct mt_pair *pair, const char *name)
{
    return json_is_true(find_option(file, line, pair, name));
}

const char *mt_option_string_at(const char *file, int line, const struct mt_pair *pair,
                                const char *name)
{
    const char *value = json_string_value(find_option(file, line, pair, name));

    return value != NULL ? value : "";
}

void mt_skip_at(const char *file, int line, struct mt_pair *pair, const char *why, ...)
{
    static char sentence[1024];
    va_list arguments;

    (void)pair;
    va_start(arguments, why);
    vsnprintf(sentence, sizeof(sentence), why, arguments);
    va_end(arguments);
    if (listener != NULL && listener->skipped != NULL) {
        listener->skipped(listener->data, sentence);
    }
    _skip(file, line);
    __builtin_unreachable();
}

void mt_fail_test_at(const char *file, int line, struct mt_pair *pair, const char *what, ...)
{
    struct mt_error error = {0};
    va_list arguments;

    (void)pair;
    va_start(arguments, what);
    mt_fail_va(&error, what, arguments);
    va_end(arguments);
    fail_at(file, line, &error);
}

void mt_note(struct mt_pair *pair, const char *key, const char *format, ...)
{
    const struct mt_observer *observer = pair->config->observer;
    char value[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(value, sizeof(value), format, arguments);
    va_end(arguments);
    if (observer != NULL && observer->note != NULL) {
        observer->note(observer->data, key, value);
    }
}

struct mt_reply *mt_qmp_at(const char *file, int line, struct mt_vm *vm, const char *command,
                           const char *json_format, ...)
{
    json_t *arguments = NULL;
    json_t *value = NULL;
    va_list list;
    struct mt_error fault = {0};

    va_start(list, json_format);
    int result = mt_json_format_va(&arguments, &fault, json_format, list);
    va_end(list);
    check(file, line, result, &fault);
    CHECK(mt_vm_qmp(vm, &value, &error, command, arguments));
    return as_reply(value);
}

static int try_va(struct mt_vm *vm, struct mt_reply **ret_reply, struct mt_error *error,
                  const char *command, const char *json_format, va_list list)
{
    json_t *arguments = NULL;
    json_t *reply;

    if (mt_json_format_va(&arguments, error, json_format, list) < 0 ||
        mt_vm_ask(vm, &reply, error, command, arguments, -1) < 0) {
        return -1;
    }
    json_t *refusal = json_object_get(reply, "error");
    *ret_reply = as_reply(refusal != NULL ? refusal : json_object_get(reply, "return"));
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

    va_start(list, json_format);
    int result = try_va(vm, &reply, &error, command, json_format, list);
    va_end(list);
    if (result == 0) {
        result = mt_fail(&error, "the %s took %s, which it should refuse", vm->side, command);
    }
    check(file, line, result, &error);
    return reply;
}

static int give_fd(struct mt_vm *vm, int fd, const char *name, struct mt_error *error)
{
    json_t *arguments = NULL;
    json_t *reply = NULL;
    int result = mt_json_format(&arguments, error, "{'fdname': %s}", name);

    if (result == 0) {
        result = mt_vm_ask(vm, &reply, error, "getfd", arguments, fd);
    }
    close(fd);
    if (result == 0 && json_object_get(reply, "error") != NULL) {
        return mt_fail(error, "the %s refused a descriptor named %s: %s", vm->side, name,
                       json_string_value(mt_json_at(reply, "error.desc")));
    }
    return result;
}

static void disown_fd(struct mt_pair *pair, int fd)
{
    for (size_t i = 0; i < pair->owned_count; i++) {
        if (pair->owned_fds[i] == fd) {
            pair->owned_fds[i] = pair->owned_fds[--pair->owned_count];
            return;
        }
    }
}

void mt_give_fd_at(const char *file, int line, struct mt_pair *pair, struct mt_vm *vm, int fd,
                   const char *name)
{
    disown_fd(pair, fd);
    CHECK(give_fd(vm, fd, name, &error));
}

static json_t *value_at(const char *file, int line, const struct mt_reply *reply, const char *path,
                        const char *type, bool (*is_type)(const json_t *value))
{
    json_t *value = at(reply, path);

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
    return json_integer_value(value_at(file, line, reply, path, "number", is_int));
}

bool mt_reply_bool_at(const char *file, int line, const struct mt_reply *reply, const char *path)
{
    return json_is_true(value_at(file, line, reply, path, "truth value", is_bool));
}

const char *mt_reply_string_at(const char *file, int line, const struct mt_reply *reply,
                               const char *path)
{
    return json_string_value(value_at(file, line, reply, path, "string", is_string));
}

int64_t mt_reply_int_or(const struct mt_reply *reply, const char *path, int64_t fallback)
{
    json_t *value = at(reply, path);

    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

int64_t mt_reply_count_at(const char *file, int line, const struct mt_reply *reply,
                          const char *path)
{
    json_t *value = value_at(file, line, reply, path, "list", is_container);

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
    return as_reply(found);
}

void mt_wait_exit_at(const char *file, int line, struct mt_vm *vm, int status)
{
    CHECK(mt_vm_wait_exit(vm, status, &error));
}

void mt_wait_guest_pass_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_wait_guest(vm, MT_GUEST_PASS, 1, "the guest's next pass", &error));
}

void mt_check_guest_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_check_guest(vm, &error));
}

void mt_suspend_guest_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_suspend_guest(vm, &error));
}

void mt_wake_guest_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_wake_guest(vm, &error));
}

pid_t mt_pid(const struct mt_vm *vm)
{
    return vm->process.pid;
}

void mt_quit_at(const char *file, int line, struct mt_vm *vm)
{
    CHECK(mt_vm_quit(vm, &error));
}

void mt_migrate_at(const char *file, int line, struct mt_pair *pair,
                   const struct mt_migration *migration)
{
    CHECK(mt_migration_whole(pair, migration, &error));
}

void mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                         const struct mt_migration *migration)
{
    CHECK(mt_migration_start(pair, migration, &error));
}

static int need_run(const struct mt_pair *pair, struct mt_error *error)
{
    return pair->run != NULL ? 0 : mt_fail(error, "no migration was started");
}

void mt_migrate_wait_pass_at(const char *file, int line, struct mt_pair *pair, unsigned live_passes)
{
    CHECK(need_run(pair, &error));
    CHECK(mt_migration_wait_pass(pair, live_passes, &error));
}

int64_t mt_migrate_wait_value_at(const char *file, int line, struct mt_pair *pair, const char *path,
                                 int64_t least, int64_t timeout_ms)
{
    int64_t value = 0;

    CHECK(need_run(pair, &error));
    CHECK(mt_migration_wait_value(pair, path, least, timeout_ms, &value, &error));
    return value;
}

static const char *status_name(enum mt_status status)
{
    switch (status) {
    case MT_STATUS_SETUP:
        return "setup";
    case MT_STATUS_ACTIVE:
        return "active";
    case MT_STATUS_PRE_SWITCHOVER:
        return "pre-switchover";
    case MT_STATUS_COMPLETED:
        return "completed";
    case MT_STATUS_FAILED:
        return "failed";
    case MT_STATUS_CANCELLED:
        return "cancelled";
    }
    return "(unknown)";
}

void mt_migrate_wait_status_at(const char *file, int line, struct mt_pair *pair,
                               enum mt_status status)
{
    CHECK(need_run(pair, &error));
    CHECK(mt_migration_wait_status(pair, pair->source, status_name(status), &error));
}

void mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair, int64_t bandwidth,
                            int64_t downtime_limit)
{
    CHECK(need_run(pair, &error));
    CHECK(mt_migration_converge(pair, bandwidth, downtime_limit, &error));
}

void mt_migrate_continue_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(need_run(pair, &error));
    CHECK(mt_migration_continue(pair, &error));
}

void mt_migrate_cancel_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_migration_cancel(pair, &error));
}

void mt_migrate_finish_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_migration_finish(pair, &error));
}
