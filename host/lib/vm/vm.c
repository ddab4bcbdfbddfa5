/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/vm.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

static int connect_channels(int (*ret_qmp)[2], int (*ret_serial)[2], struct mt_error *error)
{
    const char *what = "cannot make sockets for QEMU";

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, *ret_qmp) < 0) {
        return mt_fail_errno(error, "%s", what);
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, *ret_serial) < 0) {
        mt_fail_errno(error, "%s", what);
        close((*ret_qmp)[0]);
        close((*ret_qmp)[1]);
        return -1;
    }
    mt_qmp_note_sender((*ret_qmp)[0]);
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

static void record(struct mt_vm *vm, const struct mt_vm_start *start, unsigned number)
{
    MT_AUTO_FREE char *qmp = mt_text("%s-%u.qmp", start->side, number);
    MT_AUTO_FREE char *serial = mt_text("%s-%u.serial", start->side, number);
    const char *folder = start->recordings;

    if (folder != NULL) {
        mt_recording_open(&vm->qmp.recording, folder, qmp);
        mt_recording_open(&vm->serial.recording, folder, serial);
    }
    bool is_there = vm->qmp.recording.fd >= 0;
    if (is_there) {
        vm->backtrace_path = mt_text("%s/%s-%u.backtrace", folder, start->side, number);
    }
    vm->output_path =
        mt_text("%s/%s-%u.output", is_there ? folder : start->scratch, start->side, number);
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
                         .patience = start->patience,
                         .binary = start->line.qemu->binary,
                         .qemu = start->line.qemu,
                         .scratch = start->scratch,
                         .kept = json_array()};
    for (size_t i = 0; i < command->count; i++) {
        mt_strings_add(&vm->command, "%s", command->items[i]);
    }
    mt_qmp_init(&vm->qmp, qmp[0]);
    mt_serial_init(&vm->serial, serial[0]);
    record(vm, start, ++count);
    struct mt_process_start process = {
        .command = vm->command.items,
        .environment = (char *const *)(uintptr_t)start->line.qemu->environment,
        .fd3 = qmp[1],
        .fd4 = serial[1],
        .output = vm->output_path,
        .leaves_core = vm->backtrace_path != NULL && mt_vm_expect_crash(vm),
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
    const size_t most = 1024 * 1024;
    size_t size = 0;

    if (mt_file_read_end(vm->output_path, most, &output, &size, &ignored) == 0 && size > 0) {
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
    mt_vm_explain_crash(vm);
    mt_qmp_clear(&vm->qmp);
    mt_serial_clear(&vm->serial);
    mt_strings_clear(&vm->command);
    json_decref(vm->version);
    json_decref(vm->kept);
    mt_core_clear(&vm->core);
    mt_starvation_clear(&vm->starvation);
    free(vm->output_path);
    free(vm->backtrace_path);
    free(vm->executable);
    mt_image_clear(&vm->image);
    free(vm);
}

bool mt_vm_same_version(const struct mt_vm *vm, const struct mt_vm *other)
{
    const char *build = vm->image.build_id;
    const char *others = other->image.build_id;

    return json_equal(vm->version, other->version) &&
           (build == NULL || others == NULL || strcmp(build, others) == 0);
}
