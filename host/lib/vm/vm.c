/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/vm.h"

#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "lib/process/crash.h"

/* The sockets between QEMU and us: [0] is our end, [1] is QEMU's. */
struct channels {
    int qmp[2];
    int serial[2];
};

static int connect_channels(struct channels *ret_channels, struct mt_error *error)
{
    const char *what = "cannot make sockets for QEMU";
    struct channels channels;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channels.qmp) < 0) {
        return mt_fail_errno(error, "%s", what);
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channels.serial) < 0) {
        mt_fail_errno(error, "%s", what);
        close(channels.qmp[0]);
        close(channels.qmp[1]);
        return -1;
    }
    mt_qmp_note_sender(channels.qmp[0]);
    *ret_channels = channels;
    return 0;
}

static void tell_started(const struct mt_vm *vm, const struct mt_launch *launch)
{
    if (vm->observer != NULL && vm->observer->started != NULL) {
        vm->observer->started(vm->observer->data, &(struct mt_started_qemu){
                                                      .side = vm->side,
                                                      .pid = vm->process.pid,
                                                      .command = vm->process.command.items,
                                                      .accel = launch->accel,
                                                      .machine = launch->machine,
                                                  });
    }
}

/* "FOLDER/source-1.output". The caller frees it. */
static char *name_file(const char *folder, const char *side, unsigned number, const char *kind)
{
    return mt_text("%s/%s-%u.%s", folder, side, number, kind);
}

static void open_recordings(struct mt_vm *vm, const char *folder, unsigned number)
{
    MT_AUTO_FREE char *qmp = mt_text("%s-%u.qmp", vm->side, number);
    MT_AUTO_FREE char *serial = mt_text("%s-%u.serial", vm->side, number);

    mt_recording_open(&vm->monitor.qmp.recording, folder, qmp);
    mt_vm_guest_record(&vm->guest, folder, serial);
}

/* Its output, and the backtrace of a crash, are kept beside the recordings, if there are any. */
static int start_process(struct mt_vm *vm, const struct mt_vm_start *start,
                         const struct channels *channels, unsigned number, struct mt_error *error)
{
    bool records = vm->monitor.qmp.recording.fd >= 0;
    const char *folder = records ? start->recordings : start->scratch;
    MT_AUTO_FREE char *output = name_file(folder, start->side, number, "output");
    MT_AUTO_FREE char *backtrace =
        records ? name_file(folder, start->side, number, "backtrace") : NULL;
    const struct mt_process_start process = {
        .name = start->side,
        .command = start->launch.command.items,
        .environment = (char *const *)(uintptr_t)start->launch.environment,
        .fd3 = channels->qmp[1],
        .fd4 = channels->serial[1],
        .output = output,
        .backtrace = backtrace,
    };

    return mt_process_start(&vm->process, &process, error);
}

static struct mt_vm *make_vm(const struct mt_vm_start *start, const struct channels *channels)
{
    struct mt_vm *vm = mt_alloc(1, sizeof(*vm));

    *vm = (struct mt_vm){.side = start->side,
                         .process = MT_PROCESS_NONE,
                         .observer = start->observer,
                         .patience = start->patience,
                         .qemu = start->qemu,
                         .scratch = start->scratch};
    mt_monitor_init(&vm->monitor, channels->qmp[0]);
    mt_vm_guest_init(&vm->guest, channels->serial[0]);
    return vm;
}

static int start_launch(struct mt_vm **ret_vm, const struct mt_vm_start *start,
                        struct mt_error *error)
{
    static unsigned count;
    unsigned number = ++count;
    struct channels channels = {{-1, -1}, {-1, -1}};

    if (connect_channels(&channels, error) < 0) {
        return -1;
    }
    struct mt_vm *vm = make_vm(start, &channels);
    if (start->recordings != NULL) {
        open_recordings(vm, start->recordings, number);
    }
    int result = start_process(vm, start, &channels, number, error);
    close(channels.qmp[1]);
    close(channels.serial[1]);
    if (result < 0) {
        mt_vm_destroy(vm);
        return mt_wrap(error, "starting the %s", start->side);
    }
    tell_started(vm, &start->launch);
    *ret_vm = vm;
    return 0;
}

int mt_vm_start(struct mt_vm **ret_vm, const struct mt_vm_start *start, struct mt_error *error)
{
    struct mt_launch launch = start->launch;
    int result = start_launch(ret_vm, start, error);

    mt_strings_clear(&launch.command);
    return result;
}

static void log_output(const struct mt_vm *vm)
{
    MT_AUTO_FREE char *output = NULL;
    MT_AUTO_ERROR struct mt_error ignored = {0};
    const struct mt_process *process = &vm->process;
    const size_t most = 1024 * 1024;
    size_t size = 0;

    if (process->output == NULL ||
        mt_file_read_end(process->output, most, &output, &size, &ignored) < 0 || size == 0) {
        return;
    }
    size -= output[size - 1] == '\n';
    mt_observer_log(vm->observer, "-- output of the %s (%s):\n%.*s", vm->side,
                    process->command.items[0], (int)size, output);
}

void mt_vm_destroy(struct mt_vm *vm)
{
    if (vm == NULL) {
        return;
    }
    mt_process_end(&vm->process);
    log_output(vm);
    mt_process_explain_crash(&vm->process);
    mt_process_clear(&vm->process);
    mt_monitor_clear(&vm->monitor);
    mt_vm_guest_clear(&vm->guest);
    free(vm);
}

bool mt_vm_same_version(const struct mt_vm *vm, const struct mt_vm *other)
{
    const char *build = vm->process.image.build_id;
    const char *others = other->process.image.build_id;

    return json_equal(mt_monitor_version(&vm->monitor), mt_monitor_version(&other->monitor)) &&
           (build == NULL || others == NULL || strcmp(build, others) == 0);
}
