/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/vm.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "lib/vm/json_format.h"

/* From exec to the greeting; 0.05 s on an idle machine. */
static const int64_t greeting_timeout_ms = 15000;

static const int64_t exit_timeout_ms = 30000;

/* Between the closing of its monitor and the end of a QEMU that dies. */
static const int moment_ms = 2000;

static int connect_channels(int (*ret_qmp)[2], int (*ret_serial)[2], struct mt_error *error)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, *ret_qmp) < 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, *ret_serial) < 0) {
        return mt_fail_errno(error, "cannot make sockets for QEMU");
    }
    return 0;
}

static void tell_started(const struct mt_vm *vm, const struct mt_vm_start *start)
{
    if (vm->observer != NULL && vm->observer->started != NULL) {
        const struct mt_machine_config *machine = start->line.machine;
        vm->observer->started(vm->observer->data,
                              &(struct mt_started_qemu){
                                  .side = vm->side,
                                  .pid = vm->process.pid,
                                  .command = vm->command.items,
                                  .accel = machine != NULL ? machine->accel : "",
                                  .machine = machine != NULL ? machine->type : "none",
                              });
    }
}

int mt_vm_start_command(struct mt_vm **ret_vm, const struct mt_vm_start *start,
                        const struct mt_strings *command, struct mt_error *error)
{
    int qmp[2] = {-1, -1};
    int serial[2] = {-1, -1};
    static unsigned count;

    if (connect_channels(&qmp, &serial, error) < 0) {
        return -1;
    }
    struct mt_vm *vm = mt_alloc(1, sizeof(*vm));
    *vm = (struct mt_vm){.side = start->side,
                         .process = MT_PROCESS_NONE,
                         .observer = start->observer,
                         .binary = start->line.qemu->binary,
                         .kept = json_array()};
    vm->output_path = mt_text("%s/%s-%u.log", start->scratch, start->side, ++count);
    for (size_t i = 0; i < command->count; i++) {
        mt_strings_add(&vm->command, "%s", command->items[i]);
    }
    mt_qmp_init(&vm->qmp, qmp[0]);
    mt_serial_init(&vm->serial, serial[0]);
    struct mt_process_start process = {
        .command = vm->command.items,
        .environment = (char *const *)(uintptr_t)start->line.qemu->environment,
        .fd3 = qmp[1],
        .fd4 = serial[1],
        .output = vm->output_path,
    };
    int result = mt_process_start(&vm->process, &process, error);
    close(qmp[1]);
    close(serial[1]);
    if (result < 0) {
        mt_vm_destroy(vm);
        return mt_wrap(error, "starting the %s", start->side);
    }
    tell_started(vm, start);
    *ret_vm = vm;
    return 0;
}

int mt_vm_start(struct mt_vm **ret_vm, const struct mt_vm_start *start, struct mt_error *error)
{
    struct mt_strings command;

    mt_command_line_make(&start->line, &command);
    int result = mt_vm_start_command(ret_vm, start, &command, error);
    mt_strings_clear(&command);
    return result;
}

/* What it wrote goes to the test's log, for whoever reads a failure. */
static void log_output(const struct mt_vm *vm)
{
    MT_AUTO_FREE char *output = NULL;
    MT_AUTO_ERROR struct mt_error ignored = {0};
    const size_t limit = 1024 * 1024;
    size_t size = 0;

    if (mt_file_read(vm->output_path, limit, &output, &size, &ignored) == 0 && size > 0) {
        printf("-- output of the %s (%s):\n%s%s", vm->side, vm->binary, output,
               output[size - 1] == '\n' ? "" : "\n");
        fflush(stdout);
    }
}

void mt_vm_destroy(struct mt_vm *vm)
{
    if (vm == NULL) {
        return;
    }
    mt_process_end(&vm->process);
    log_output(vm);
    mt_qmp_clear(&vm->qmp);
    mt_serial_clear(&vm->serial);
    mt_strings_clear(&vm->command);
    json_decref(vm->version);
    json_decref(vm->kept);
    free(vm->output_path);
    free(vm);
}

static char *last_words(const struct mt_vm *vm)
{
    char *output = NULL;
    MT_AUTO_ERROR struct mt_error ignored = {0};
    const size_t limit = 1024 * 1024;
    const size_t most = 2000;
    size_t size = 0;

    if (mt_file_read(vm->output_path, limit, &output, &size, &ignored) < 0) {
        return mt_text_copy("");
    }
    while (size > 0 && output[size - 1] == '\n') {
        output[--size] = '\0';
    }
    char *tail = mt_text("%s", size > most ? output + size - most : output);
    free(output);
    return tail;
}

int mt_vm_fail_ended(const struct mt_vm *vm, struct mt_error *error)
{
    MT_AUTO_FREE char *fate = mt_process_fate(&vm->process);
    MT_AUTO_FREE char *words = last_words(vm);

    return mt_fail(error, "the %s (%s) %s%s%s", vm->side, vm->binary, fate,
                   words[0] != '\0' ? ", its last words: " : " without a word", words);
}

void mt_vm_announce_wait(const struct mt_vm *vm, const char *side, const char *what, int64_t ms)
{
    if (vm->observer != NULL && vm->observer->waiting != NULL) {
        vm->observer->waiting(vm->observer->data, side, what, ms);
    }
}

/*
 * A QEMU that ends closes its monitor a moment before its process is gone, and how the process
 * ended says more.
 */
static int check_monitor(struct mt_vm *vm, struct mt_error *error)
{
    if (!vm->qmp.closed || mt_process_ends_within(&vm->process, moment_ms)) {
        return 0;
    }
    return mt_fail(error, "the %s (%s) closed its monitor, but its process runs on", vm->side,
                   vm->binary);
}

static int has_greeted(void *context, struct mt_error *error)
{
    struct mt_vm *vm = context;

    return vm->qmp.greeted ? 1 : check_monitor(vm, error);
}

static int verify_accelerator(struct mt_vm *vm, struct mt_error *error)
{
    json_t *kvm;

    if (mt_vm_qmp(vm, &kvm, error, "query-kvm", NULL) < 0) {
        return -1;
    }
    vm->accel_in_use = json_is_true(json_object_get(kvm, "enabled")) ? "kvm" : "tcg";
    return 0;
}

int mt_vm_greet(struct mt_vm *vm, struct mt_error *error)
{
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "QEMU's greeting on its monitor",
        .timeout_ms = greeting_timeout_ms,
        .condition = has_greeted,
        .context = vm,
    };

    if (mt_wait_for(&wait, error) < 0 || mt_vm_qmp(vm, NULL, error, "qmp_capabilities", NULL) < 0 ||
        verify_accelerator(vm, error) < 0) {
        return -1;
    }
    vm->version = json_incref(json_object_get(json_object_get(vm->qmp.greeting, "QMP"), "version"));
    return 0;
}

struct reply_wait {
    struct mt_vm *vm;
    uint64_t id;
    json_t *reply;
};

static int has_replied(void *context, struct mt_error *error)
{
    struct reply_wait *wait = context;

    wait->reply = mt_qmp_take_reply(&wait->vm->qmp, wait->id);
    return wait->reply != NULL ? 1 : check_monitor(wait->vm, error);
}

int mt_vm_ask(struct mt_vm *vm, json_t **ret_reply, struct mt_error *error, const char *command,
              json_t *arguments, int pass_fd)
{
    struct reply_wait context = {.vm = vm};
    MT_AUTO_FREE char *what = mt_text("the reply to %s", command);

    int result = mt_qmp_send(&vm->qmp, command, arguments, pass_fd, &context.id, error);
    json_decref(arguments);
    if (result < 0) {
        if (mt_process_ends_within(&vm->process, moment_ms)) {
            mt_error_clear(error);
            mt_vm_fail_ended(vm, error);
        }
        return mt_wrap(error, "on the %s", vm->side);
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
    json_array_append_new(vm->kept, context.reply);
    *ret_reply = context.reply;
    return 0;
}

int mt_vm_qmp(struct mt_vm *vm, json_t **ret_value, struct mt_error *error, const char *command,
              json_t *arguments)
{
    MT_AUTO_FREE char *shown = arguments != NULL ? json_dumps(arguments, 0) : mt_text_copy("");
    json_t *reply;

    if (mt_vm_ask(vm, &reply, error, command, arguments, -1) < 0) {
        return -1;
    }
    json_t *refusal = json_object_get(reply, "error");
    if (refusal != NULL) {
        return mt_fail(error, "the %s refused %s %s: %s", vm->side, command, shown,
                       json_string_value(json_object_get(refusal, "desc")));
    }
    if (ret_value != NULL) {
        *ret_value = json_object_get(reply, "return");
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

int mt_vm_hmp(struct mt_vm *vm, const char **ret_text, const char *line, struct mt_error *error)
{
    json_t *value;

    if (mt_vm_qmp_format(vm, &value, error, "human-monitor-command", "{'command-line': %s}", line) <
        0) {
        return -1;
    }
    *ret_text = json_string_value(value);
    return *ret_text != NULL ? 0
                             : mt_fail(error, "the %s answered %s with no text", vm->side, line);
}

int mt_vm_status(struct mt_vm *vm, const char **ret_status, struct mt_error *error)
{
    json_t *value;

    if (mt_vm_qmp(vm, &value, error, "query-status", NULL) < 0) {
        return -1;
    }
    const char *status = json_string_value(json_object_get(value, "status"));
    *ret_status = status != NULL ? status : "(none)";
    return 0;
}

int mt_vm_expect_status(struct mt_vm *vm, const char *expected, struct mt_error *error)
{
    const char *status;

    if (mt_vm_status(vm, &status, error) < 0) {
        return -1;
    }
    if (strcmp(status, expected) != 0) {
        return mt_fail(error, "the %s should be %s, query-status says %s", vm->side, expected,
                       status);
    }
    return 0;
}

struct event_wait {
    struct mt_vm *vm;
    const char *event;
    json_t *object;
};

static int has_event(void *context, struct mt_error *error)
{
    struct event_wait *wait = context;

    (void)error;
    wait->object = mt_events_take(&wait->vm->qmp.events, wait->event);
    return wait->object != NULL;
}

int mt_vm_wait_event(struct mt_vm *vm, json_t **ret_event, const char *event, int64_t timeout_ms,
                     struct mt_error *error)
{
    struct event_wait context = {.vm = vm, .event = event};
    MT_AUTO_FREE char *what = mt_text("event %s", event);
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = what,
        .timeout_ms = timeout_ms,
        .condition = has_event,
        .context = &context,
    };

    if (mt_wait_for(&wait, error) < 0) {
        return -1;
    }
    if (ret_event != NULL) {
        *ret_event = context.object;
    }
    return 0;
}

static int has_ended(void *context, struct mt_error *error)
{
    const struct mt_vm *vm = context;

    (void)error;
    return vm->process.ended;
}

int mt_vm_wait_exit(struct mt_vm *vm, int status, struct mt_error *error)
{
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "the end of its process",
        .timeout_ms = exit_timeout_ms,
        .condition = has_ended,
        .context = vm,
        .end_is_fine = true,
    };

    vm->expected_to_end = true;
    if (mt_wait_for(&wait, error) < 0) {
        return -1;
    }
    if (!WIFEXITED(vm->process.status) || WEXITSTATUS(vm->process.status) != status) {
        mt_vm_fail_ended(vm, error);
        return mt_wrap(error, "expected an end with exit status %d", status);
    }
    return 0;
}

int mt_vm_quit(struct mt_vm *vm, struct mt_error *error)
{
    uint64_t id;

    /* QEMU may be gone before its answer is read, so the exit status alone is judged. */
    if (!mt_process_check(&vm->process) &&
        mt_qmp_send(&vm->qmp, "quit", NULL, -1, &id, error) < 0) {
        return mt_wrap(error, "on the %s", vm->side);
    }
    return mt_vm_wait_exit(vm, 0, error);
}
